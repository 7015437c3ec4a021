import type { Change } from './change.ts';
import { changeKeys } from './dead-letter-split.ts';
import type { Relation } from './relation.ts';

/**
 * Changes that hang together by their keys, each group in commit order: one key's, or those of keys that a change of key ties
 * together. In a table without a key every insert is alone. Truncates belong to none.
 */
export function groupByKey(relation: Relation, changes: readonly Change[]): readonly (readonly Change[])[] {
  const groupOf = new Map<string, Set<Change>>();
  const groups = new Set<Set<Change>>();
  for (const change of changes) {
    if (change.kind === 'truncate') continue;
    const keys = changeKeys(relation, change);
    const known = new Set(keys.flatMap((key) => groupOf.get(key) ?? []));
    const [first, ...others] = known;
    const group = first ?? new Set<Change>();
    groups.add(group);
    for (const other of others) {
      for (const moved of other) group.add(moved);
      groups.delete(other);
      for (const [key, of] of groupOf) if (of === other) groupOf.set(key, group);
    }
    group.add(change);
    for (const key of keys) groupOf.set(key, group);
  }
  const placeOf = new Map(changes.map((change, place) => [change, place]));
  const inOrder = (group: Set<Change>) =>
    [...group].sort((a, b) => (placeOf.get(a) ?? 0) - (placeOf.get(b) ?? 0));
  return [...groups].map(inOrder);
}
