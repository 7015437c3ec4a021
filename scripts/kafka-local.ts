import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kafkaVersion, whyNoKafka } from '@spine/testkit/kafka/kafka-programs';
import { startKafka } from '@spine/testkit/kafka/start-kafka';

// A real broker for this machine, to try sinks on and to run tests against: npm run kafka [-- --port 9092 --folder .kafka]
const { values } = parseArgs({
  options: { port: { type: 'string', default: '9092' }, folder: { type: 'string', default: '.kafka' } },
});
const reason = whyNoKafka();
if (reason !== null) {
  console.error(`Kafka cannot be started: ${reason}. It needs Java 17 or later, and Maven to fetch it once.`);
  process.exit(3);
}
const folder = resolve(values.folder);
mkdirSync(join(folder, 'data'), { recursive: true });
console.log(`starting Kafka ${kafkaVersion} ...`);
const broker = await startKafka({ port: Number(values.port), folder });
console.log(`Kafka ${kafkaVersion} at ${broker.bootstrap}, data in ${folder}; Ctrl-C stops it`);
console.log(`run tests against it: SPINE_TEST_KAFKA=${broker.bootstrap} npx vitest run --project kafka`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void broker.stop());
