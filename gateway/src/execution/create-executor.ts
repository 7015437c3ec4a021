import type { ExecutionResult } from 'graphql';
import { noWatch } from '../observability/request-watch.ts';
import { maskErrors } from './mask-errors.ts';
import { assertMayIntrospect } from './may-introspect.ts';
import type { Operation } from './operation.ts';
import type { PlanStore } from './plan-store.ts';
import { isRefused } from './prepare-operation.ts';
import { preparePlan } from './prepared-plan.ts';
import type { RequestContext } from './request-context.ts';
import { resolveVariables } from './resolve-variables.ts';
import { type RunDeps, runPrepared } from './run-prepared.ts';
import { runStock } from './stock/run-stock.ts';

/** What executing needs; the same for queries and for the events of subscriptions. */
export interface ExecutorDeps extends RunDeps {
  readonly plans: PlanStore;
  /** Whose executor runs the plans: ours, or Apollo's, the way out of a fault in ours. */
  readonly executor?: 'own' | 'stock';
}

/** Answers one valid query or mutation. Its errors are fit for clients; it does not throw. */
export type Executor = (operation: Operation, context: RequestContext) => Promise<ExecutionResult>;

/** Creates the executor: checked variables, a kept plan, run over the links, and errors that say no more than they may. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const { plans, log, executor = 'own' } = deps;
  return async (asked, context) => {
    const mask = (errors: readonly unknown[]) => maskErrors(errors, context.requestId, log);
    const watch = context.watch ?? noWatch;
    const validated = watch.phase('validate');
    const operation = resolveVariables(asked.graph.schema, asked);
    validated();
    if (isRefused(operation)) return { errors: mask(operation) };
    try {
      assertMayIntrospect(operation.document, context.principal);
      const planned = watch.phase('plan');
      const plan = plans(operation, watch);
      const prepared = executor === 'own' ? preparePlan(plan, operation) : null;
      planned();
      if (plan.node?.kind === 'Subscription') {
        throw new Error('a subscription is not executed, it is subscribed to');
      }
      const { errors, ...result } =
        prepared === null
          ? await runStock(deps, plan.node, operation, context)
          : await runPrepared(deps, prepared, operation, context);
      return errors === undefined ? result : { errors: mask(errors), ...result };
    } catch (error) {
      return { errors: mask([error]) };
    }
  };
}
