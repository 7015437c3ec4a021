import type { FastifyInstance } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { Subgraph } from '../graphql/build-subgraph.ts';
import type { GraphContext } from '../graphql/context.ts';

/** What every `createXService(config)` returns. Nothing listens until `listen`. */
export interface Service {
  readonly name: string;
  readonly app: FastifyInstance;
  /** Absent on the gateway. */
  readonly subgraph?: Subgraph;
  /** The context of one GraphQL request in this process. */
  contextFor(principal: Principal, requestId: string): GraphContext;
  /** Starts listening; answers the base URL. */
  listen(): Promise<string>;
  /** The base URL; throws before `listen`. */
  address(): string;
  /** Stops taking requests, drains, closes what the service opened. */
  close(): Promise<void>;
}
