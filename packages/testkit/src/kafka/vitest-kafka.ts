import type { TestProject } from 'vitest/node';
import { whyNoKafka } from './kafka-programs.ts';
import { startKafka } from './start-kafka.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the broker that this run's tests share; empty where there is none. */
    readonly kafkaBootstrap: string;
  }
}

/** Gives a vitest run its Kafka: the one of SPINE_TEST_KAFKA, or a broker that lives as long as the run, or none with the reason printed. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['SPINE_TEST_KAFKA'];
  const reason = given === undefined ? whyNoKafka() : null;
  if (given !== undefined || reason !== null) {
    project.provide('kafkaBootstrap', given ?? '');
    if (reason !== null) process.stderr.write(`skipped: every test that needs Kafka, for ${reason}\n`);
    return async () => undefined;
  }
  const broker = await startKafka();
  project.provide('kafkaBootstrap', broker.bootstrap);
  return () => broker.stop();
}
