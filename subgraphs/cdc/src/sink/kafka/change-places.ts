import type { Lsn } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from '../../domain/change.ts';
import { tableKey } from '../../domain/relation.ts';

/** Where a change stands in the source's history: its commit, and its number among the table's changes of that commit. */
export interface ChangePlace {
  readonly commitLsn: Lsn;
  readonly ordinal: number;
}

/** The place of every change. It is the same whoever forms the batch, and however many changes of other tables lie between. */
export function changePlaces(transactions: readonly SourceTransaction[]): ReadonlyMap<Change, ChangePlace> {
  const places = new Map<Change, ChangePlace>();
  for (const { commitLsn, changes } of transactions) {
    const counts = new Map<string, number>();
    for (const change of changes) {
      const table = tableKey(change.relation);
      const ordinal = counts.get(table) ?? 0;
      counts.set(table, ordinal + 1);
      places.set(change, { commitLsn, ordinal });
    }
  }
  return places;
}
