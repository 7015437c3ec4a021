import type { QueryPlan } from '@apollo/query-planner';
import { isRecord } from '../links/is-record.ts';

const known = new WeakMap<QueryPlan, readonly string[]>();

/** Names of the subgraphs that a plan may ask, sorted. */
export function subgraphsOfPlan(plan: QueryPlan): readonly string[] {
  const found = known.get(plan);
  if (found !== undefined) return found;
  const names = new Set<string>();
  collect(plan.node, names);
  const sorted = [...names].sort();
  known.set(plan, sorted);
  return sorted;
}

/** Every kind of node holds its parts as members, so new kinds are followed, too. */
function collect(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) for (const part of node) collect(part, names);
  if (!isRecord(node)) return;
  if (typeof node['serviceName'] === 'string') {
    names.add(node['serviceName']);
    return;
  }
  for (const part of Object.values(node)) collect(part, names);
}
