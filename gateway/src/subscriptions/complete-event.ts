import type { ExecutionResult } from 'graphql';
import type { ExecutorDeps } from '../execution/create-executor.ts';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import { type EventPlan, prepareEventPlan } from '../execution/prepared-plan.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { runPrepared } from '../execution/run-prepared.ts';
import { runStockEvent } from '../execution/stock/run-stock.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';

/** What a client gets for one event: what the stream said, joined with what the other subgraphs know of it. */
export async function completeEvent(
  deps: ExecutorDeps,
  plan: EventPlan,
  operation: Operation,
  context: RequestContext,
  event: SubgraphResult,
): Promise<ExecutionResult> {
  const { errors, ...result } =
    deps.executor === 'stock'
      ? await runStockEvent(deps, plan, operation, context, event)
      : await runPrepared(deps, prepareEventPlan(plan, operation), operation, context, event);
  if (errors === undefined) return result;
  return { errors: maskErrors(errors, context.requestId, deps.log), ...result };
}
