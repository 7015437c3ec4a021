import type { FetchNode } from '@apollo/query-planner';
import { Problem } from '@spine/kernel/problem';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import type { PlanSite } from './compile-plan.ts';
import { entityFetch } from './entity-fetch.ts';
import { compileExchange } from './fetch-exchange.ts';
import type { PlanRun, Step } from './plan-run.ts';
import { rootFetch } from './root-fetch.ts';
import type { Tree } from './tree.ts';

/** A fetch of a plan, compiled. */
export interface CompiledFetch {
  /** Asks the subgraph, and merges what it answers into the objects. */
  readonly ask: Step;
  /** The second half alone, for an answer that came without being asked for: an event of a subscription. */
  receive(run: PlanRun, objects: readonly Tree[], result: SubgraphResult): void;
}

/** Compiles one fetch at a path of the plan: of root fields, or of entities for all objects that it is given at once. */
export function compileFetch(node: FetchNode, site: PlanSite, path: readonly string[]): CompiledFetch {
  if (node.contextRewrites !== undefined && node.contextRewrites.length > 0) {
    throw new Problem('NOT_SUPPORTED', 'the gateway does not run plans with @context');
  }
  const exchange = compileExchange(node, site, path);
  return node.requires === undefined
    ? rootFetch(exchange, path)
    : entityFetch(exchange, node.requires, node.inputRewrites, site.schema, path);
}
