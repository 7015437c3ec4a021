import { Problem } from '@spine/kernel/problem';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaAccess } from './kafka-access.ts';

const connectMs = 5_000;

/** Connects once and asks for the brokers. Throws SINK_UNREACHABLE without the login. */
export async function probeKafka({ brokers, tls, sasl }: KafkaAccess, name: string): Promise<void> {
  const kafka = new Kafka({
    clientId: 'spine',
    brokers: [...brokers],
    connectionTimeout: connectMs,
    requestTimeout: connectMs,
    retry: { retries: 1, initialRetryTime: 100 },
    logLevel: logLevel.NOTHING,
    ssl: tls,
    ...(sasl !== null && { sasl }),
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } catch (error) {
    throw new Problem('SINK_UNREACHABLE', `${name}: no connection to Kafka at ${brokers.join(', ')}`, {
      fix: 'Check that a broker runs there, that its advertised address can be reached from here, and that tls and sasl are right.',
      cause: error,
    });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
