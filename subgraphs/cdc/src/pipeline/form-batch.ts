import type { Change, SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import { tableKey } from '../domain/relation.ts';

/** The changes of one table in one batch, all of one shape, in commit order. */
export interface TableRun {
  readonly relation: Relation;
  readonly changes: readonly Change[];
  /** How many more lie on disk. */
  readonly spooled: number;
}

/**
 * Groups the changes of whole transactions by table. A change that the table's snapshot already holds is left out:
 * `startOf` answers the point up to which it does.
 */
export function groupByTable(
  transactions: readonly SourceTransaction[],
  startOf: (relation: Relation) => bigint,
): readonly TableRun[] {
  const runs = new Map<Relation, { changes: Change[]; spooled: number; start: bigint }>();
  const runOf = (relation: Relation) => {
    let run = runs.get(relation);
    if (run === undefined) {
      run = { changes: [], spooled: 0, start: startOf(relation) };
      runs.set(relation, run);
    }
    return run;
  };
  for (const transaction of transactions) {
    for (const change of transaction.changes) {
      const run = runOf(change.relation);
      if (transaction.endLsn > run.start) run.changes.push(change);
    }
    for (const [relation, count] of transaction.spooled?.counts ?? []) {
      const run = runOf(relation);
      if (transaction.endLsn > run.start) run.spooled += count;
    }
  }
  return [...runs].flatMap(([relation, { changes, spooled }]) =>
    changes.length + spooled > 0 ? [{ relation, changes, spooled }] : [],
  );
}

/**
 * The longest run of leading transactions in which no table changes its shape: a batch is delivered under one shape per
 * table, so a transaction that brings a new shape begins the next batch. A transaction on disk is a batch by itself.
 */
export function uniformPrefix(transactions: readonly SourceTransaction[]): readonly SourceTransaction[] {
  const shapes = new Map<string, Relation>();
  for (const [index, transaction] of transactions.entries()) {
    if (transaction.spooled !== undefined) return transactions.slice(0, Math.max(index, 1));
    const own = new Map<string, Relation>();
    for (const { relation } of transaction.changes) own.set(tableKey(relation), relation);
    for (const [key, relation] of own) {
      const known = shapes.get(key);
      if (known !== undefined && known !== relation) return transactions.slice(0, index);
      shapes.set(key, relation);
    }
  }
  return transactions;
}
