import { inject } from 'vitest';
import { kafkaDriverSuite } from './kafka-driver-suite.ts';
import { createKafkajsDriver } from './kafkajs-driver.ts';

const bootstrap = inject('kafkaBootstrap');

kafkaDriverSuite(
  'kafkajs',
  () => createKafkajsDriver({ brokers: [bootstrap], tls: false, sasl: null }, 'spine-test'),
  bootstrap === '',
);
