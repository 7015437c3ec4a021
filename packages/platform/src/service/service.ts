import type { FastifyInstance } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { Subgraph } from '../graphql/build-subgraph.ts';
import type { GraphContext } from '../graphql/context.ts';
import type { Tracing } from '../tracing/create-tracing.ts';

/** What every `createXService(config, deps?)` answers: one Fastify app and all that runs behind it. */
export interface Service {
  readonly name: string;
  readonly app: FastifyInstance;
  readonly subgraph?: Subgraph;
  /** The GraphQL context of one request, for a gateway in the same process. */
  contextFor(principal: Principal, requestId: string): GraphContext;
  /** For a gateway in the same process: its calls leave no trace of HTTP. */
  readonly tracing: Tracing;
  /** Begins to answer. Throws PORT_BUSY, or CONFIG_INVALID for an address that dev mode must not offer. */
  listen(): Promise<void>;
  /** The base URL; only after `listen`. */
  address(): string;
  /** Stops answering, then everything behind it. Once. */
  close(): Promise<void>;
}
