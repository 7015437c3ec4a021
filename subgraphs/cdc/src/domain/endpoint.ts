import { topicName } from './topic-name.ts';

/** A source as applied: its address, its jurisdiction and the namespace fixed at first apply. */
export interface SourceEndpoint {
  readonly name: string;
  /** `env:NAME` or `embedded:NAME`; resolved only where a connection is opened. */
  readonly url: string;
  /** Servers that may be promoted in its place, named like it. */
  readonly standbys?: readonly string[] | undefined;
  readonly region: string;
  readonly owner: string;
  readonly tables: readonly string[];
  readonly namespace: string;
  readonly database: string;
}

/** A sink as registered. */
export type SinkEndpoint = PostgresSinkEndpoint | KafkaSinkEndpoint;

interface SinkTerms {
  readonly name: string;
  readonly region: string;
  readonly owner: string;
  readonly purpose: string;
  /** ISO 8601 duration. */
  readonly retention: string;
  readonly iam: string;
  readonly namespace: string;
  /** Empty where there are no databases. */
  readonly database: string;
}

export interface PostgresSinkEndpoint extends SinkTerms {
  readonly type: 'postgres';
  readonly url: string;
}

export interface KafkaSinkEndpoint extends SinkTerms {
  readonly type: 'kafka';
  /** `env:NAME` each; what it holds may be several, separated by commas. */
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** What is not said is the broker's to choose. */
  readonly topics?:
    | {
        readonly partitions?: number | undefined;
        readonly replicationFactor?: number | undefined;
        readonly cleanupPolicy?: 'delete' | 'compact' | undefined;
      }
    | undefined;
  readonly tls?: boolean | undefined;
  /** Names and passwords as `env:NAME`. */
  readonly sasl?:
    | {
        readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
        readonly username: string;
        readonly password: string;
      }
    | undefined;
}

/** What a table is called at the sink, by the naming rules of OpenLineage. */
export function sinkDatasetName(
  sink: SinkEndpoint,
  table: { readonly schema: string; readonly table: string },
): string {
  return sink.type === 'kafka'
    ? topicName(sink.topicPrefix, table)
    : `${sink.database}.${table.schema}.${table.table}`;
}

/** A route as applied. `revision` rises with every apply that changes or restarts it. */
export interface Route {
  readonly name: string;
  readonly source: string;
  readonly sink: string;
  readonly tables: readonly string[];
  readonly owner: string;
  /** WAL that the source may keep for the route before its slot is given up on purpose: `10GB`. */
  readonly walLimit?: string | undefined;
  /** How many dead letters may wait before the route tells, and before a table stops; each has a default. */
  readonly deadLetters?:
    | { readonly alertAt?: number | undefined; readonly stopAt?: number | undefined }
    | undefined;
  /** What the route does when its slot is gone or behind its checkpoint: copies every table again by itself, or waits for an apply. */
  readonly slotLost?: 'resnapshot' | 'stop' | undefined;
  /** `env:NAME` of the HMAC key for `hash` obligations. */
  readonly obligationKey: string | null;
  readonly revision: bigint;
}
