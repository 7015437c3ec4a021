import { prettyFormatQueryPlan } from '@apollo/query-planner';
import { Problem } from '@spine/kernel/problem';
import { hasRole } from '@spine/platform/auth/authorise';
import { noSpan } from '@spine/platform/tracing/span';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Executor } from '../execution/create-executor.ts';
import type { OpenWatch, WatchRequest } from './watch-requests.ts';

/**
 * The same executor, watched: a context that brings no watch gets one for the time of this call. Who runs the system may
 * see the plan of an operation in `extensions.queryPlan`; anyone else who asks for it is refused (docs/decisions/0016).
 */
export function watchedExecutor(execute: Executor, watchRequest: WatchRequest): Executor {
  return async (operation, context) => {
    const { requestId, principal, showPlan = false } = context;
    if (showPlan && !hasRole(principal, 'operator')) return refused(requestId);
    let own: OpenWatch | undefined;
    if (context.watch === undefined) own = watchRequest({ requestId, span: noSpan });
    const watch = context.watch ?? own;
    watch?.begin(operation);
    const result = await execute(operation, own === undefined ? context : { ...context, watch: own });
    const [error] = result.errors ?? [];
    watch?.finish(error === undefined ? undefined : String(error.extensions['code']));
    own?.close();
    if (!showPlan || watch?.plan == null) return result;
    return { ...result, extensions: { ...result.extensions, queryPlan: prettyFormatQueryPlan(watch.plan) } };
  };
}

function refused(requestId: string): ExecutionResult {
  const { message, code, fix } = new Problem('FORBIDDEN', 'the plan of an operation is shown to operators', {
    fix: 'Leave out the header spine-query-plan, or ask with the role operator.',
  });
  return { errors: [new GraphQLError(message, { extensions: { code, fix, requestId } })] };
}
