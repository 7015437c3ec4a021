import type { QueryPlan } from '@apollo/query-planner';
import type { Graph } from '../graph/create-graph.ts';
import { createLru } from '../graph/lru.ts';
import type { Operation } from './operation.ts';

/** Gives the plan of an operation, made at most once while it is in use. A failed plan is not kept. */
export type PlanStore = (operation: Operation) => QueryPlan;

/** Keeps the last `limit` plans of a graph, by text and operation name. */
export function createPlanStore(graph: Graph, limit = 1000): PlanStore {
  const plans = createLru<string, QueryPlan>(limit);
  return ({ source, document, operationName }) => {
    const key = `${operationName ?? ''}\n${source}`;
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plan = graph.plan(document, operationName);
    plans.set(key, plan);
    return plan;
  };
}
