import type { KafkaSinkEndpoint } from '../endpoint.ts';
import type { SightingKind } from './sighting.ts';

/** Which source or sink. */
export interface EndpointRef {
  readonly kind: 'source' | 'sink';
  readonly name: string;
}

/** Somebody else's consumer that spine.yaml declares; `*` in its name stands for any run of characters. */
export interface DeclaredConsumer {
  readonly kind: SightingKind;
  readonly name: string;
  readonly owner: string;
}

/** A registered source or sink, with what the file says of watching it. */
export interface WatchedEndpoint extends EndpointRef, Pick<KafkaSinkEndpoint, 'tls' | 'sasl'> {
  readonly type: string;
  /** Of a Postgres. */
  readonly url: string;
  /** Of a Kafka: where it is, and how the topics of ours begin. */
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** As whom we come to a sink that does not tell. */
  readonly iam: string | null;
  /** `shadow` says what it would do; `enforce` does it, over `adminUrl`. */
  readonly quarantine: 'shadow' | 'enforce';
  /** A privilege of its own: scanning never uses it. */
  readonly adminUrl: string | null;
  readonly consumers: readonly DeclaredConsumer[];
}
