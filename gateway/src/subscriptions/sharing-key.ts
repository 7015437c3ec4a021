import { canonicalJson } from '@spine/kernel/canonical-json';
import type { Operation } from '../execution/operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import type { SubscriptionPlan } from './plan-subscription.ts';

/**
 * Names what a subscription's events depend on, whoever reads them: the graph, the operation, its variables but the
 * cursor, and all that a resolver may decide on. That is the kind, roles and functions of a principal and the headers
 * that are handed on; no stream looks at who it is by name (docs/decisions/0025).
 */
export function sharingKey(
  { cursorVariable }: Pick<SubscriptionPlan, 'cursorVariable'>,
  { graph, source, operationName, variables }: Operation,
  { principal, headers = {} }: Pick<RequestContext, 'principal' | 'headers'>,
): string {
  const { kind, roles, functions } = principal;
  return canonicalJson([
    graph.digest,
    operationName ?? null,
    source,
    Object.fromEntries(Object.entries(variables).filter(([name]) => name !== cursorVariable)),
    [kind, [...roles].sort(), [...functions].sort()],
    headers,
  ]);
}
