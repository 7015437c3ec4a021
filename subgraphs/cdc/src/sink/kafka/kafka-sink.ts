import { randomUUID } from 'node:crypto';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { AvroRowEncoder } from '../../domain/avro/encode-row.ts';
import type { DeliveredTable } from '../../domain/delivery.ts';
import type { Sink } from '../sink.ts';
import { checkpointTopic, readState, takeOverRecord } from './checkpoint-log.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import { createKafkaSession } from './kafka-session.ts';
import { type BindTopic, planTopic, type TopicDefaults } from './topic-plan.ts';

export interface KafkaSinkOptions {
  readonly driver: KafkaDriver;
  readonly route: string;
  readonly topics: TopicDefaults;
  readonly bind: BindTopic;
  readonly encoderOf: (table: DeliveredTable) => AvroRowEncoder;
  readonly clock: Clock;
  readonly log: Log;
}

/** Another route's open transaction may lie before ours in the log, at most for as long as brokers let it. */
const readMs = 60_000;

/** Kafka topics as the sink of one route. The checkpoint lies in `__spine.checkpoint`, in the transaction of its records. */
export function createKafkaSink(options: KafkaSinkOptions): Sink {
  const { driver, route, topics, bind, encoderOf, clock, log } = options;
  return {
    async takeOver(signal) {
      signal.throwIfAborted();
      await driver.ensureTopic({ ...checkpointTopic, replicationFactor: topics.replicationFactor });
      // From here on nothing can be committed for the route but by this producer: what is read next stays true.
      const producer = await driver.openProducer(transactionalId(route));
      try {
        const nonce = randomUUID();
        const transaction = await producer.begin();
        await transaction.send([takeOverRecord(route, nonce)]);
        await transaction.commit();
        const reading = AbortSignal.any([signal, AbortSignal.timeout(readMs)]);
        const state = await readState(driver, route, nonce, reading);
        const standing = await driver.existingTopics(state.tables.map(({ topic }) => topic));
        const tables = state.tables.filter(({ topic }) => standing.has(topic));
        return createKafkaSession({
          producer,
          route,
          state: { ...state, tables },
          planTable: (table) =>
            planTopic({ driver, bind, defaults: topics, encoderOf, table, taken: state.taken }),
          clock,
          log,
          close: () => producer.close(),
        });
      } catch (error) {
        await producer.close();
        throw error;
      }
    },
    close: () => driver.close(),
  };
}

/** The name under which brokers know the writer of a route; an ACL may allow `spine.` as a prefix. */
function transactionalId(route: string): string {
  return `spine.${route}`;
}
