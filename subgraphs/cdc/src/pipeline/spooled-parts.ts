import type { Change, SourceTransaction } from '../domain/change.ts';
import type { TableChanges } from '../domain/delivery.ts';
import type { Relation } from '../domain/relation.ts';
import { groupByTable } from './form-batch.ts';

/**
 * The changes of these tables part by part, when some of them lie on disk; nothing when all are in `tables` already. A batch that
 * is formed again may hold both kinds of transactions: what is in memory makes parts of its own, so that order is kept.
 */
export function partsOf(
  transactions: readonly SourceTransaction[],
  tables: readonly TableChanges[],
  startOf: (relation: Relation) => bigint,
): { readonly parts?: () => AsyncIterable<readonly TableChanges[]> } {
  if (transactions.every(({ spooled }) => spooled === undefined)) return {};
  const wanted = new Map(tables.map(({ table }) => [table.relation, table]));
  return {
    async *parts() {
      for (const transaction of transactions) {
        for await (const changes of transaction.spooled?.parts() ?? [transaction.changes]) {
          const runs = groupByTable([{ ...withoutSpool(transaction), changes }], startOf);
          yield runs.flatMap(({ relation, changes: own }) => {
            const table = wanted.get(relation);
            return table === undefined ? [] : [{ table, changes: own }];
          });
        }
      }
    },
  };
}

/** The transactions with every change in memory, for whoever cannot take them part by part. */
export async function loadSpooled(
  transactions: readonly SourceTransaction[],
): Promise<readonly SourceTransaction[]> {
  if (transactions.every(({ spooled }) => spooled === undefined)) return transactions;
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
