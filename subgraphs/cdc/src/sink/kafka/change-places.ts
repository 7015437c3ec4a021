import { invariant } from '@spine/kernel/invariant';
import type { Lsn } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from '../../domain/change.ts';
import type { ChangePlace } from '../../domain/dead-letter.ts';
import type { Batch, TableChanges } from '../../domain/delivery.ts';
import { tableKey } from '../../domain/relation.ts';

/** Changes of one table in the order in which they are sent. */
export interface PlacedChanges extends TableChanges {
  /** To be asked once for each change, in their order. */
  placeOf(change: Change): ChangePlace;
}

/**
 * All changes of a batch, a bounded number at a time where they are many, with their places in the source's history. A place is
 * the same whoever forms the batch, and however many changes of other tables lie between.
 */
export async function* placedChanges(batch: Batch): AsyncGenerator<PlacedChanges> {
  if (batch.parts === undefined) {
    invariant(batch.transactions !== undefined, 'a batch for Kafka comes with its transactions');
    const places = changePlaces(batch.transactions);
    const placeOf = (change: Change): ChangePlace => {
      const place = places.get(change);
      invariant(place !== undefined, 'a change of a batch is one of its transactions');
      return place;
    };
    for (const table of batch.tables) yield { ...table, placeOf };
    return;
  }
  let counts = new Map<string, number>();
  let counted: Lsn | null = null;
  for await (const tables of batch.parts()) {
    for (const table of tables) {
      const { commitLsn } = table;
      invariant(commitLsn !== undefined, 'a part is of one commit');
      // Parts come transaction by transaction.
      if (commitLsn !== counted) counts = new Map();
      counted = commitLsn;
      yield { ...table, placeOf: (change) => ({ commitLsn, ordinal: nextOf(counts, change) }) };
    }
  }
}

function changePlaces(transactions: readonly SourceTransaction[]): ReadonlyMap<Change, ChangePlace> {
  const places = new Map<Change, ChangePlace>();
  for (const { commitLsn, changes } of transactions) {
    const counts = new Map<string, number>();
    for (const change of changes) places.set(change, { commitLsn, ordinal: nextOf(counts, change) });
  }
  return places;
}

/** The change's number among those of its table. */
function nextOf(counts: Map<string, number>, change: Change): number {
  const table = tableKey(change.relation);
  const ordinal = counts.get(table) ?? 0;
  counts.set(table, ordinal + 1);
  return ordinal;
}
