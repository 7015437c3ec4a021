import type { PlanNode } from '@apollo/query-planner';
import { invariant } from '@spine/kernel/invariant';
import type { ExecutionResult } from 'graphql';
import type { ExecutorDeps } from '../execution/create-executor.ts';
import { linkSources } from '../execution/link-sources.ts';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { runPlan } from '../execution/run-plan.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import type { SubscriptionPlan } from './plan-subscription.ts';

/** What a client gets for one event: what the stream said, joined with what the other subgraphs know of it. */
export async function completeEvent(
  deps: ExecutorDeps,
  { primary, rest }: SubscriptionPlan,
  operation: Operation,
  context: RequestContext,
  event: SubgraphResult,
): Promise<ExecutionResult> {
  const { links, log, fetchTimeoutMs } = deps;
  const sources = linkSources(links.values(), context, { timeoutMs: fetchTimeoutMs, log });
  const stock = sources[primary.serviceName];
  invariant(stock !== undefined, `the plan names the unknown subgraph ${primary.serviceName}`);
  // The plan runs as if it were a query whose first fetch the event answers. Later fetches may go to the same subgraph.
  sources[primary.serviceName] = {
    process: async (fetch) =>
      fetch.request.query === primary.operation ? event : await stock.process(fetch),
  };
  const node: PlanNode = rest === undefined ? primary : { kind: 'Sequence', nodes: [primary, rest] };
  const { errors, ...result } = await runPlan(node, operation, sources);
  return errors === undefined ? result : { ...result, errors: maskErrors(errors, context.requestId, log) };
}
