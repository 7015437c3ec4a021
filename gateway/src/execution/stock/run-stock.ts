import type { PlanNode } from '@apollo/query-planner';
import { invariant } from '@spine/kernel/invariant';
import type { SubgraphResult } from '../../links/subgraph-link.ts';
import { noWatch } from '../../observability/request-watch.ts';
import type { Operation } from '../operation.ts';
import type { EventPlan } from '../prepared-plan.ts';
import type { RequestContext } from '../request-context.ts';
import type { RawResult, RunDeps } from '../run-prepared.ts';
import { linkSources } from './link-sources.ts';
import { runPlan } from './run-plan.ts';

/** Runs a plan by the stock executor over the links. */
export async function runStock(
  { links, log, fetchTimeoutMs }: RunDeps,
  node: PlanNode | undefined,
  operation: Operation,
  context: RequestContext,
): Promise<RawResult> {
  const executed = (context.watch ?? noWatch).phase('execute');
  const sources = linkSources(links.values(), context, { timeoutMs: fetchTimeoutMs, log });
  const result = await runPlan(node, operation, sources);
  executed();
  return result;
}

/** Completes an event: the plan runs as if it were a query whose first fetch the event answers. */
export async function runStockEvent(
  { links, log, fetchTimeoutMs }: RunDeps,
  { primary, rest }: EventPlan,
  operation: Operation,
  context: RequestContext,
  event: SubgraphResult,
): Promise<RawResult> {
  const sources = linkSources(links.values(), context, { timeoutMs: fetchTimeoutMs, log });
  const stock = sources[primary.serviceName];
  invariant(stock !== undefined, `the plan names the unknown subgraph ${primary.serviceName}`);
  // Later fetches may go to the same subgraph.
  sources[primary.serviceName] = {
    process: async (fetch) =>
      fetch.request.query === primary.operation ? event : await stock.process(fetch),
  };
  const node: PlanNode = rest === undefined ? primary : { kind: 'Sequence', nodes: [primary, rest] };
  return await runPlan(node, operation, sources);
}
