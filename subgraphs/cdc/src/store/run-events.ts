import type { Kysely } from 'kysely';
import type { CdcTables } from './cdc-tables.ts';

/** Keeps run events until lineage has accepted them. */
export async function appendRunEvents(db: Kysely<CdcTables>, events: readonly object[]): Promise<void> {
  if (events.length === 0) return;
  await db
    .insertInto('run_event')
    .values(events.map((event) => ({ event: JSON.stringify(event) })))
    .execute();
}

/** The oldest events not yet accepted. */
export async function nextRunEvents(db: Kysely<CdcTables>, limit: number) {
  return await db
    .selectFrom('run_event')
    .select(['id', 'event', 'attempts'])
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Takes an accepted event out. */
export async function dropRunEvent(db: Kysely<CdcTables>, id: bigint): Promise<void> {
  await db.deleteFrom('run_event').where('id', '=', id).execute();
}

/** Counts a failed attempt; the event stays. */
export async function countAttempt(db: Kysely<CdcTables>, id: bigint): Promise<void> {
  await db
    .updateTable('run_event')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .execute();
}
