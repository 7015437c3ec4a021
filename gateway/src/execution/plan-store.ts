import type { QueryPlan } from '@apollo/query-planner';
import { createLru } from '../graph/lru.ts';
import { perGraph } from '../graph/per-graph.ts';
import type { RequestWatch } from '../observability/request-watch.ts';
import type { Operation } from './operation.ts';

/** Gives the plan of an operation, made at most once while it is in use. A failed plan is not kept. */
export type PlanStore = (operation: Operation, watch?: RequestWatch) => QueryPlan;

/** Keeps the last `limit` plans of each graph, by text and operation name. */
export function createPlanStore(limit = 1000): PlanStore {
  const plansOf = perGraph(() => createLru<string, QueryPlan>(limit));
  return ({ graph, source, document, operationName }, watch) => {
    const plans = plansOf(graph);
    const key = `${operationName ?? ''}\n${source}`;
    const known = plans.get(key);
    if (known !== undefined) {
      watch?.planned(known, null);
      return known;
    }
    const startedAt = performance.now();
    const plan = graph.plan(document, operationName);
    plans.set(key, plan);
    watch?.planned(plan, performance.now() - startedAt);
    return plan;
  };
}
