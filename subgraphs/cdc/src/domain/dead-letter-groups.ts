import type { Change } from './change.ts';
import type { OpenLetter } from './dead-letter-box.ts';
import { changeKeys } from './dead-letter-split.ts';
import { type Relation, tableKey } from './relation.ts';

/**
 * Changes that hang together by their keys, each group in commit order: one key's, or those of keys that a change of key ties
 * together. In a table without a key every insert is alone. Truncates belong to none.
 */
export function groupByKey(relation: Relation, changes: readonly Change[]): readonly (readonly Change[])[] {
  const rows = changes.filter(({ kind }) => kind !== 'truncate');
  return groupBy(rows, (change) => changeKeys(relation, change));
}

/** Dead letters that hang together by their keys, in the order of their positions: they are delivered together or not at all. */
export function groupLetters(letters: readonly OpenLetter[]): readonly (readonly OpenLetter[])[] {
  return groupBy(letters, (letter) => letter.keys.map((key) => `${tableKey(letter)} ${key}`));
}

/** Groups of what shares a key, directly or through others; each in the given order, and ordered by their first. */
function groupBy<T>(
  members: readonly T[],
  keysOf: (member: T) => readonly string[],
): readonly (readonly T[])[] {
  const groupOf = new Map<string, Set<T>>();
  const groups = new Set<Set<T>>();
  for (const member of members) {
    const keys = keysOf(member);
    const [first, ...others] = new Set(keys.flatMap((key) => groupOf.get(key) ?? []));
    const group = first ?? new Set<T>();
    groups.add(group);
    for (const other of others) {
      for (const moved of other) group.add(moved);
      groups.delete(other);
      for (const [key, of] of groupOf) if (of === other) groupOf.set(key, group);
    }
    group.add(member);
    for (const key of keys) groupOf.set(key, group);
  }
  const placeOf = new Map(members.map((member, place) => [member, place]));
  const place = (member: T | undefined) => (member === undefined ? 0 : (placeOf.get(member) ?? 0));
  return [...groups]
    .map((group) => [...group].sort((a, b) => place(a) - place(b)))
    .sort(([a], [b]) => place(a) - place(b));
}
