import type { Principal } from '@spine/platform/auth/principal';
import type { GraphQLFormattedError } from 'graphql';
import type { BreakerState } from './breaker-state.ts';

/** One operation for one subgraph, on behalf of a principal. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly requestId: string;
  /** Headers of the client that subgraphs may see. Never who the client says it is: that is the principal's to say. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** W3C Trace Context: the fetch that the subgraph's work is part of. */
  readonly traceparent?: string | undefined;
}

/** What a subgraph answers. Without `data` it refused the operation as a whole. */
export interface SubgraphResult {
  // The executor merges answers into one tree: the link gives it away and keeps no part of it.
  data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/**
 * How the gateway reaches one subgraph. Every implementation passes `link-contract.test.ts`.
 *
 * `execute` rejects when no answer came, and with the reason of `signal` when that aborts.
 * `subscribe` yields the events in the subgraph's order. It ends when the subgraph ends the stream (after a result
 * without `data` when it refused or gave up), throws SubgraphLost when the way to it broke, and closes the stream upstream
 * on `return()` or when `signal` aborts.
 */
export interface SubgraphLink {
  readonly name: string;
  /** Whether its subgraph is in another process. */
  readonly remote: boolean;
  execute(request: SubgraphRequest, signal: AbortSignal): Promise<SubgraphResult>;
  subscribe(request: SubgraphRequest, signal: AbortSignal): AsyncIterableIterator<SubgraphResult>;
  /** Whether the subgraph would answer now; the reason when not. */
  ready(signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
  /** How the breaker stands that guards it, if one does. */
  breaker?(): BreakerState;
}
