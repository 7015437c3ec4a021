import { setImmediate } from 'node:timers/promises';
import { createLru } from '@spine/platform/lru';
import { specifiedRules, validate } from 'graphql';
import type { Operation } from '../execution/operation.ts';
import type { PlanStore } from '../execution/plan-store.ts';
import type { Graph } from './create-graph.ts';

/** A plan store that knows which operations were asked for last. */
export interface RecentOperations {
  readonly plans: PlanStore;
  /** Plans them on the next graph, those used last first. What is not valid there is left out. */
  warm(next: Graph): Promise<void>;
}

const operationsKept = 200;
const warmMs = 5_000;

/**
 * Remembers the operations that `plans` is asked for, so that a new graph does not begin by planning all of them at once. The
 * thread is given up between one plan and the next, and what is not planned within five seconds is planned when it is asked.
 */
export function rememberOperations(plans: PlanStore): RecentOperations {
  // Neither the graph, which could not be forgotten, nor the variables, which are nobody's to keep.
  const recent = createLru<string, Omit<Operation, 'graph' | 'variables'>>(operationsKept);
  return {
    plans(operation, watch) {
      const plan = plans(operation, watch);
      const { source, document, definition, operationName } = operation;
      recent.set(`${operationName ?? ''}\n${source}`, { source, document, definition, operationName });
      return plan;
    },
    async warm(next) {
      const until = performance.now() + warmMs;
      for (const operation of recent.values().reverse()) {
        if (performance.now() > until) return;
        if (validate(next.schema, operation.document, specifiedRules).length === 0) {
          plans({ ...operation, graph: next, variables: {} });
        }
        await setImmediate();
      }
    },
  };
}
