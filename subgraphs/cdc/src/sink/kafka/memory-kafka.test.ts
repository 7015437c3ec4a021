import { kafkaDriverSuite } from './kafka-driver-suite.ts';
import { createMemoryKafka } from './memory-kafka.ts';

const kafka = createMemoryKafka();
kafkaDriverSuite('in memory', () => kafka.driver());
