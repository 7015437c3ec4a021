/** A source as applied: its address, its jurisdiction and the namespace fixed at first apply. */
export interface SourceEndpoint {
  readonly name: string;
  /** `env:NAME` or `embedded:NAME`; resolved only where a connection is opened. */
  readonly url: string;
  readonly region: string;
  readonly owner: string;
  readonly tables: readonly string[];
  readonly namespace: string;
  readonly database: string;
}

/** A sink as registered. */
export interface SinkEndpoint {
  readonly name: string;
  readonly url: string;
  readonly region: string;
  readonly owner: string;
  readonly purpose: string;
  readonly retention: string;
  readonly iam: string;
  readonly namespace: string;
  readonly database: string;
}

/** A route as applied. `revision` rises with every apply that changes or restarts it. */
export interface Route {
  readonly name: string;
  readonly source: string;
  readonly sink: string;
  readonly tables: readonly string[];
  readonly owner: string;
  /** `env:NAME` of the HMAC key for `hash` obligations. */
  readonly obligationKey: string | null;
  readonly revision: bigint;
}
