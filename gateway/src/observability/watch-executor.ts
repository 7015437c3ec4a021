import { prettyFormatQueryPlan } from '@apollo/query-planner';
import { hasRole } from '@spine/platform/auth/authorise';
import type { Tracing } from '@spine/platform/tracing/create-tracing';
import type { ExecutionResult } from 'graphql';
import type { Executor } from '../execution/create-executor.ts';
import type { Operation } from '../execution/operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import type { RequestWatch } from './request-watch.ts';
import type { WatchRequest } from './watch-requests.ts';

/**
 * The same executor, watched: a context that brings no watch gets one for the time of this call. Operators who ask for it
 * see the plan of their operation in `extensions.queryPlan`; for others the wish is not heard.
 */
export function watchedExecutor(
  execute: Executor,
  { watchRequest, tracing }: { readonly watchRequest: WatchRequest; readonly tracing: Tracing },
): Executor {
  return async (operation, context) => {
    if (context.watch !== undefined) return await watched(operation, { ...context, watch: context.watch });
    const { requestId, traceparent } = context;
    const span = tracing.start(operation.definition.operation, { kind: 'server', parent: traceparent });
    const watch = watchRequest({ requestId, span, traceparent });
    const result = await watched(operation, { ...context, watch });
    watch.close();
    span.end();
    return result;
  };

  async function watched(
    operation: Operation,
    context: RequestContext & { readonly watch: RequestWatch },
  ): Promise<ExecutionResult> {
    const { watch, principal, showPlan = false } = context;
    watch.begin(operation);
    const result = await execute(operation, context);
    const [error] = result.errors ?? [];
    watch.finish(error === undefined ? undefined : String(error.extensions['code']));
    if (!showPlan || watch.plan === null || !hasRole(principal, 'operator')) return result;
    return { ...result, extensions: { ...result.extensions, queryPlan: prettyFormatQueryPlan(watch.plan) } };
  }
}
