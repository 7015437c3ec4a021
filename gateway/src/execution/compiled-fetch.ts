import type { SubgraphResult } from '../links/subgraph-link.ts';
import type { PlanRun, Step } from './plan-run.ts';
import type { Tree } from './tree.ts';

/** A fetch of a plan, compiled. */
export interface CompiledFetch {
  /** Asks the subgraph, and merges what it answers into the objects. */
  readonly ask: Step;
  /** The second half alone, for an answer that came without being asked for: an event of a subscription. */
  receive(run: PlanRun, objects: readonly Tree[], result: SubgraphResult): void;
}
