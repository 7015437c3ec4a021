import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { ReplayedTable, ReplayRequest } from '../domain/dead-letter-box.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

/** A replay that somebody asked for, and how it went. */
export interface Replay extends ReplayRequest {
  readonly route: string;
  readonly askedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: readonly ReplayedTable[];
}

/** Leaves a replay for the route's worker. `operation` is what it was recorded as; asked twice for one, it is one replay. */
export async function askReplay(
  db: Db,
  replay: {
    readonly operation: bigint;
    readonly route: string;
    readonly tables: readonly string[];
    readonly dryRun: boolean;
    readonly by: string;
  },
): Promise<void> {
  await db
    .insertInto('replay')
    .values({
      id: replay.operation,
      route: replay.route,
      tables: JSON.stringify(replay.tables),
      dry_run: replay.dryRun,
      asked_by: replay.by,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** One replay by its id; undefined where its route was removed. */
export async function findReplay(db: Db, id: bigint): Promise<Replay | undefined> {
  const row = await db
    .selectFrom('replay')
    .select(['id', 'route', 'tables', 'dry_run', 'asked_by', 'asked_at', 'finished_at', 'outcome'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    route: row.route,
    tables: namesShape.parse(row.tables),
    dryRun: row.dry_run,
    by: row.asked_by,
    askedAt: row.asked_at,
    finishedAt: row.finished_at,
    outcome: outcomeShape.parse(row.outcome),
  };
}

/** The oldest replay of a route that nobody has finished. */
export async function nextReplay(db: Db, route: string): Promise<ReplayRequest | null> {
  const row = await db
    .selectFrom('replay')
    .select(['id', 'tables', 'dry_run', 'asked_by'])
    .where('route', '=', route)
    .where('finished_at', 'is', null)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { id: row.id, tables: namesShape.parse(row.tables), dryRun: row.dry_run, by: row.asked_by };
}

export async function finishReplay(db: Db, id: bigint, outcome: readonly ReplayedTable[]): Promise<void> {
  await db
    .updateTable('replay')
    .set({ finished_at: new Date(), outcome: JSON.stringify(outcome) })
    .where('id', '=', id)
    .execute();
}

const namesShape = z.array(z.string());
const outcomeShape = z.array(
  z.object({
    table: z.string(),
    delivered: z.number(),
    refused: z.number(),
    reasons: z.array(z.string()),
  }),
);
