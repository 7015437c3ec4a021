import type { Log } from '@spine/platform/log/create-log';
import type { ExecutionResult } from 'graphql';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import { noWatch } from '../observability/request-watch.ts';
import { linkSources } from './link-sources.ts';
import { maskErrors } from './mask-errors.ts';
import { assertMayIntrospect } from './may-introspect.ts';
import type { Operation } from './operation.ts';
import type { PlanStore } from './plan-store.ts';
import { isRefused } from './prepare-operation.ts';
import type { RequestContext } from './request-context.ts';
import { resolveVariables } from './resolve-variables.ts';
import { runPlan } from './run-plan.ts';

/** What executing needs; the same for queries and for the events of subscriptions. */
export interface ExecutorDeps {
  readonly plans: PlanStore;
  readonly links: ReadonlyMap<string, SubgraphLink>;
  readonly log: Log;
  /** How long one fetch from a subgraph may take. */
  readonly fetchTimeoutMs: number;
}

/** Answers one valid query or mutation. Its errors are fit for clients; it does not throw. */
export type Executor = (operation: Operation, context: RequestContext) => Promise<ExecutionResult>;

/** Creates the executor: checked variables, a kept plan, the stock executor over the links. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const { plans, links, log, fetchTimeoutMs } = deps;
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
      const { node } = plans(operation, watch);
      planned();
      if (node?.kind === 'Subscription')
        throw new Error('a subscription is not executed, it is subscribed to');
      const sources = linkSources(links.values(), context, { timeoutMs: fetchTimeoutMs, log });
      const executed = watch.phase('execute');
      const { errors, ...result } = await runPlan(node, operation, sources);
      executed();
      return errors === undefined ? result : { ...result, errors: mask(errors) };
    } catch (error) {
      return { errors: mask([error]) };
    }
  };
}
