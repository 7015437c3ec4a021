import type { QueryPlan } from '@apollo/query-planner';
import { createLru } from '@spine/platform/lru';
import { perGraph } from '../graph/per-graph.ts';
import type { RequestWatch } from '../observability/request-watch.ts';
import { joinPlans } from './apart.ts';
import type { Operation } from './operation.ts';
import { splitOpposed } from './opposed-requirements.ts';
import { planDocument } from './plan-document.ts';

/** Gives the plan of an operation, made at most once while it is in use. A failed plan is not kept. */
export type PlanStore = (operation: Operation, watch?: RequestWatch) => QueryPlan;

export interface PlanStoreOptions {
  /** How many plans of each graph are kept: those used last. */
  readonly limit?: number;
  /** Who runs them: the stock executor takes plans of the client's own document alone. */
  readonly executor?: 'own' | 'stock';
}

/** Creates a store that keeps the last plans of each graph, by text and operation name. */
export function createPlanStore({ limit = 1000, executor = 'own' }: PlanStoreOptions = {}): PlanStore {
  const plansOf = perGraph(() => createLru<string, QueryPlan>(limit));
  return (operation, watch) => {
    const { graph, source, operationName } = operation;
    const plans = plansOf(graph);
    const key = operationName === undefined ? source : `${operationName}\n${source}`;
    const known = plans.get(key);
    if (known !== undefined) {
      watch?.planned(known, null);
      return known;
    }
    const startedAt = performance.now();
    const plan = executor === 'stock' ? graph.plan(operation.document, operationName) : planOwn(operation);
    plans.set(key, plan);
    watch?.planned(plan, performance.now() - startedAt);
    return plan;
  };
}

/** Plans an operation under names of its own, and in parts where its fields require what cannot be had at once. */
function planOwn(operation: Operation): QueryPlan {
  const { graph, definition, operationName } = operation;
  const { document } = planDocument(operation);
  const parts = definition.operation === 'query' ? splitOpposed(graph, document) : [document];
  return joinPlans(parts.map((part) => graph.plan(part, operationName)));
}
