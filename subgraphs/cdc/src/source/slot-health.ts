import type { Clock } from '@spine/platform/clock';
import type { SlotHealth } from '../domain/slot-danger.ts';
import { whileSlotIsActive } from './slots.ts';
import type { Query } from './source-session.ts';

/** How the route's slot stands at the source, or null when there is none. */
export async function readSlotHealth(query: Query, name: string): Promise<SlotHealth | null> {
  const [row] = await query<{
    wal_status: string | null;
    reason: string | null;
    retained: string | null;
    safe: string | null;
  }>(
    // Through JSON, because Postgres 14 to 16 do not have the reason. A lost slot keeps nothing.
    `select wal_status, to_jsonb(s)->>'invalidation_reason' as reason,
            pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::text as retained, safe_wal_size::text as safe
     from pg_replication_slots as s
     where slot_name = $1 and (database is null or database = current_database())`,
    [name],
  );
  if (row === undefined) return null;
  return {
    walStatus: row.wal_status ?? 'unknown',
    invalidationReason: row.reason,
    retainedBytes: row.retained === null ? 0n : BigInt(row.retained),
    safeBytes: row.safe === null ? null : BigInt(row.safe),
  };
}

/** Drops the slot even while it is read: its readers, which are our own, are ended, one that comes in between as well. */
export async function giveUpSlot(query: Query, name: string, clock: Clock): Promise<void> {
  await whileSlotIsActive(clock, undefined, async () => {
    await query(
      'select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active_pid is not null',
      [name],
    );
    await query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [
      name,
    ]);
  });
}
