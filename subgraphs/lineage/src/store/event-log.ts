import { sql, type Transaction } from 'kysely';
import type { LineageEvent } from '../domain/lineage-event.ts';
import type { LineageTables } from './lineage-tables.ts';

/**
 * Appends events that the log does not hold yet and returns the ids of those. Ids are written in order: two transactions
 * with the same events wait for each other instead of deadlocking, and only one of them finds an event new.
 */
export async function appendToLog(
  trx: Transaction<LineageTables>,
  events: readonly LineageEvent[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    insert into event_log (event_id, event_at, kind, run_id, job_id, producer, body, warnings)
    select event_id, event_at, kind, run_id, job_id, producer, body, warnings
    from unnest(
      ${events.map(({ id }) => bytea(id))}::bytea[],
      ${events.map(({ at }) => at)}::timestamptz[],
      ${events.map(({ kind }) => kind)}::text[],
      ${events.map(({ run }) => run?.id ?? null)}::uuid[],
      ${events.map(({ job }) => job?.id ?? null)}::uuid[],
      ${events.map(({ producer }) => producer)}::text[],
      ${events.map(({ body }) => body)}::text[],
      ${events.map(({ warnings }) => JSON.stringify(warnings))}::jsonb[]
    ) as event (event_id, event_at, kind, run_id, job_id, producer, body, warnings)
    order by event_id
    on conflict (event_id) do nothing
    returning encode(event_id, 'hex') as id`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

/** Text form of bytes given in hex. */
export function bytea(hex: string): string {
  return `\\x${hex}`;
}
