import type { Change, SourceTransaction } from '../domain/change.ts';
import type { Batch, TableChanges } from '../domain/delivery.ts';
import type { Relation } from '../domain/relation.ts';
import { groupByTable } from './form-batch.ts';

/**
 * What a batch says of these tables when some of their changes lie on disk: their names, and all changes part by part. Null when all
 * are in memory. A batch that is formed again may hold both kinds of transactions: what is in memory makes parts of its own, so that
 * order is kept.
 */
export function partsOf(
  transactions: readonly SourceTransaction[],
  tables: readonly TableChanges[],
  startOf: (relation: Relation) => bigint,
): (Pick<Batch, 'tables'> & Required<Pick<Batch, 'parts'>>) | null {
  if (spooledTables(transactions).length === 0) return null;
  const wanted = new Map(tables.map(({ table }) => [table.relation, table]));
  return {
    tables: tables.map(({ table }) => ({ table, changes: [] })),
    async *parts() {
      for (const transaction of transactions) {
        for await (const changes of transaction.spooled?.parts() ?? [transaction.changes]) {
          const runs = groupByTable([{ ...withoutSpool(transaction), changes }], startOf);
          yield runs.flatMap(({ relation, changes: own }) => {
            const table = wanted.get(relation);
            const { commitLsn } = transaction;
            return table === undefined ? [] : [{ table, changes: own, commitLsn }];
          });
        }
      }
    },
  };
}

/** The tables of which some changes lie on disk. */
export function spooledTables(transactions: readonly SourceTransaction[]): readonly Relation[] {
  return transactions.flatMap(({ spooled }) => [...(spooled?.counts.keys() ?? [])]);
}

/** The transactions with every change in memory, for whoever cannot take them part by part. */
export async function loadSpooled(
  transactions: readonly SourceTransaction[],
): Promise<readonly SourceTransaction[]> {
  if (spooledTables(transactions).length === 0) return transactions;
  const loaded: SourceTransaction[] = [];
  for (const transaction of transactions) {
    const changes: Change[] = [...transaction.changes];
    for await (const part of transaction.spooled?.parts() ?? [])
      for (const change of part) changes.push(change);
    loaded.push({ ...withoutSpool(transaction), changes });
  }
  return loaded;
}

/** Gives back the disk that delivered transactions took. */
export async function discardSpooled(transactions: readonly SourceTransaction[]): Promise<void> {
  for (const { spooled } of transactions) await spooled?.discard();
}

function withoutSpool({ spooled: _, ...transaction }: SourceTransaction): SourceTransaction {
  return transaction;
}
