import type { Log } from '@spine/platform/log/create-log';
import { GraphQLError } from 'graphql';
import type { SubgraphLink, SubgraphResult } from '../links/subgraph-link.ts';
import { noWatch } from '../observability/request-watch.ts';
import { introspect } from './introspect.ts';
import type { Operation } from './operation.ts';
import type { PlanRun } from './plan-run.ts';
import type { PreparedPlan } from './prepared-plan.ts';
import type { RequestContext } from './request-context.ts';
import type { Fault } from './shape/fault.ts';

/** What running takes of the executor's dependencies. */
export interface RunDeps {
  readonly links: ReadonlyMap<string, SubgraphLink>;
  readonly log: Log;
  readonly fetchTimeoutMs: number;
}

/** An answer whose errors are not masked yet. */
export interface RawResult {
  readonly errors?: readonly unknown[];
  readonly data?: Record<string, unknown> | null;
  readonly extensions?: Record<string, unknown>;
}

/** Runs a prepared plan and shapes the answer. `event` stands for the answer to the first fetch of a subscription's plan. */
export async function runPrepared(
  { links, log, fetchTimeoutMs }: RunDeps,
  { receive, gather, names, shapeFor }: PreparedPlan,
  operation: Operation,
  context: RequestContext,
  event?: SubgraphResult,
): Promise<RawResult> {
  const { variables } = operation;
  // First, since the plan depends on the same conditions.
  const { shape, introspection, needsData } = shapeFor(variables);
  if (needsData && gather === null && receive === null) throw noWay();
  const run: PlanRun = { root: {}, errors: [], variables, context, links, log, timeoutMs: fetchTimeoutMs };
  const roots = [run.root];
  const watch = context.watch ?? noWatch;
  const executed = watch.phase('execute');
  if (event !== undefined) receive?.(run, roots, event);
  if (gather !== null) await gather(run, roots);
  executed();
  const processed = watch.phase('postprocessing');
  if (introspection.length > 0) introspect(operation, introspection, names, run.root);
  const { data, faults } = shape(run.root);
  processed();
  if (faults.length === 0) return run.errors.length === 0 ? { data } : { errors: run.errors, data };
  const errors = [...run.errors, ...faults.filter(({ kind }) => kind === 'shape').map(errorOf)];
  if (errors.length > 0) return { errors, data };
  // As stock does: nulls that nobody else explained.
  return { data, extensions: { valueCompletion: faults.map(errorOf) } };
}

function errorOf({ message, path }: Fault): GraphQLError {
  return new GraphQLError(message, { path: path.toReversed(), extensions: { code: 'INVALID_GRAPHQL' } });
}

/** The planner gives an empty plan for fields that no subgraph can be asked for: an answer of nulls would be a lie. */
function noWay(): GraphQLError {
  return new GraphQLError('the graph knows no way to the fields of this operation', {
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' },
  });
}
