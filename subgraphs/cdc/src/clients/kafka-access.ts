import { Problem } from '@spine/kernel/problem';
import type { SASLOptions } from 'kafkajs';
import type { KafkaSinkEndpoint } from '../domain/endpoint.ts';
import type { ReferenceResolver } from './resolve-reference.ts';

/** How a client reaches brokers: addresses and secrets in clear, never stored and never told. */
export interface KafkaAccess {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly tls: boolean;
  readonly sasl: SASLOptions | null;
}

/** Resolves what spine.yaml names. Throws SECRET_MISSING, or CONFIG_INVALID for what is no list of brokers. */
export function kafkaAccess(
  sink: Pick<KafkaSinkEndpoint, 'name' | 'brokers' | 'tls' | 'sasl'>,
  resolver: ReferenceResolver,
): KafkaAccess {
  const brokers = sink.brokers.flatMap((reference) =>
    resolver
      .url(reference)
      .split(',')
      .map((broker) => broker.trim())
      .filter((broker) => broker !== ''),
  );
  if (brokers.length === 0 || !brokers.every((broker) => /^[^\s/@]+:\d{1,5}$/.test(broker))) {
    throw new Problem('CONFIG_INVALID', `sink ${sink.name}: its brokers are no list of host:port`, {
      fix: `Set ${sink.brokers.join(', ')} to host:port, several separated by commas; a login stands under sasl.`,
    });
  }
  const { sasl, tls = false } = sink;
  return { brokers, tls, sasl: sasl === undefined ? null : saslOptions(sasl, resolver) };
}

function saslOptions(
  { mechanism, username, password }: NonNullable<KafkaSinkEndpoint['sasl']>,
  resolver: ReferenceResolver,
): SASLOptions {
  const login = { username: resolver.url(username), password: resolver.url(password) };
  switch (mechanism) {
    case 'plain':
      return { mechanism, ...login };
    case 'scram-sha-256':
      return { mechanism, ...login };
    case 'scram-sha-512':
      return { mechanism, ...login };
  }
}
