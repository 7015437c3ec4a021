import { sha256Hex } from '@spine/kernel/canonical-json';
import type { Change } from './change.ts';
import type { ParkedChange } from './dead-letter.ts';
import { fillUnchanged } from './fill-unchanged.ts';
import { isInsertOnly, type Relation } from './relation.ts';
import { rowKey } from './row-key.ts';
import { hasUnchanged } from './tuple.ts';

export interface Split {
  readonly flowing: readonly Change[];
  readonly parked: readonly ParkedChange[];
  /** The last truncate among the changes: what was parked before it has no row any more. */
  readonly truncate: Change | null;
}

/**
 * Takes out of a table's changes, in order, what must not flow: the `refused` ones (with their SQLSTATE; null when it was told
 * before), and whatever touches a key that is locked. A change that gives a row another key locks both. What comes before a
 * truncate flows, for nothing of it is written.
 */
export function splitParked(
  relation: Relation,
  changes: readonly Change[],
  locked: ReadonlySet<string>,
  refused: ReadonlyMap<Change, string | null>,
): Split {
  const truncatedAt = changes.findLastIndex((change) => change.kind === 'truncate');
  const flowing: Change[] = changes.slice(0, truncatedAt + 1);
  const parked: ParkedChange[] = [];
  const locks = new Set(truncatedAt >= 0 ? [] : locked);
  for (const change of changes.slice(truncatedAt + 1)) {
    const keys = changeKeys(relation, change);
    if (!refused.has(change) && !keys.some((key) => locks.has(key))) {
      flowing.push(change);
      continue;
    }
    for (const key of keys) locks.add(key);
    parked.push({ change, sqlState: refused.get(change) ?? null, keys });
  }
  return { flowing, parked, truncate: changes[truncatedAt] ?? null };
}

/** Digests of the keys that a change touches: none in a table without a key, two when the key itself changes. */
export function changeKeys(relation: Relation, change: Change): readonly string[] {
  if (isInsertOnly(relation)) return [];
  switch (change.kind) {
    case 'truncate':
      return [];
    case 'insert':
      return [keyDigest(relation, change.after)];
    case 'delete':
      return [keyDigest(relation, change.before)];
    case 'update': {
      const { before, after } = change;
      if (before === null) return [keyDigest(relation, after)];
      const whole = hasUnchanged(after)
        ? fillUnchanged(after, before, (index) => relation.key.includes(index))
        : after;
      return [...new Set([keyDigest(relation, before), keyDigest(relation, whole)])];
    }
  }
}

/** A lock names its key by digest: what it holds is compared, never read. */
function keyDigest(relation: Relation, image: Buffer): string {
  return sha256Hex(rowKey(relation, image));
}
