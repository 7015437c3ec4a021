import type { QueryPlan } from '@apollo/query-planner';
import type { Operation } from '../execution/operation.ts';

/** A phase of answering, by the last part of stock's span name `gateway.<phase>`. */
export type Phase = 'validate' | 'plan' | 'execute' | 'postprocessing';

/** Follows one request while it is answered: what its trace, the metrics and the slow-query log are made of. */
export interface RequestWatch {
  /** The plan that answers, once it is known. */
  readonly plan: QueryPlan | null;
  /** Told which operation is answered. */
  begin(operation: Operation): void;
  /** Begins a phase; the returned function ends it. */
  phase(name: Phase): () => void;
  /** Told which plan answers, and how long it took to make; null for one that was kept from an earlier request. */
  planned(plan: QueryPlan, madeInMs: number | null): void;
  /** Told that a fetch begins. */
  fetch(subgraph: string): FetchWatch;
  /** Told that the answer is there; `failed` is the code of its first error. */
  finish(failed: string | undefined): void;
}

export interface FetchWatch {
  /** What the subgraph takes part in the trace by. */
  readonly traceparent: string | undefined;
  /** Called once: `ok`, `errors` (an answer that has some), or the code of why none came. */
  ended(outcome: string): void;
}

/** Follows nothing. */
export const noWatch: RequestWatch = {
  plan: null,
  begin: () => undefined,
  phase: () => () => undefined,
  planned: () => undefined,
  fetch: () => ({ traceparent: undefined, ended: () => undefined }),
  finish: () => undefined,
};
