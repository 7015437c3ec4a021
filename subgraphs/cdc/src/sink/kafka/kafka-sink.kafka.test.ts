import { inject } from 'vitest';
import { kafkaSinkSuite } from './kafka-sink-suite.ts';
import { createKafkajsDriver } from './kafkajs-driver.ts';

const bootstrap = inject('kafkaBootstrap');

kafkaSinkSuite(
  'kafkajs',
  () => createKafkajsDriver({ brokers: [bootstrap], tls: false, sasl: null }, 'spine-test'),
  bootstrap === '',
);
