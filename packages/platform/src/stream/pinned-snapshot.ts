import type { QueryExecutorProvider, Transaction } from 'kysely';
import type { Database } from '../postgres/create-database.ts';
import type { Position } from './cursor.ts';

/** State as of one position of a stream: what comes after it is in the stream, and nothing of it twice. */
export interface PinnedSnapshot<T> {
  take(
    readHead: (db: QueryExecutorProvider) => Promise<Position>,
  ): Promise<{ readonly head: Position; readonly items: readonly T[] }>;
}

/** A snapshot whose items are read in the same database snapshot as the stream's head. */
export function pinnedSnapshot<T, DB>(
  database: Database<DB>,
  read: (trx: Transaction<DB>) => Promise<readonly T[]>,
): PinnedSnapshot<T> {
  return {
    take: (readHead) =>
      database.kysely
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (trx) => ({ head: await readHead(trx), items: await read(trx) })),
  };
}
