import { randomBytes } from 'node:crypto';
import { parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import pg from 'pg';
import type { ExportedSnapshot, SlotState } from './change-source.ts';
import { connectSource, endClient, type SourceAddress } from './connect-source.ts';
import { sqlStateOf } from './server-error.ts';
import type { Query } from './source-session.ts';

export interface NewSlot {
  readonly name: string;
  /** Ends with the connection, so that nothing is left behind whatever happens. */
  readonly temporary: boolean;
  /** Kept on standbys too (Postgres 17 and later). */
  readonly failover: boolean;
}

/** The slot of this name in this database, or null. */
export async function findSlot(query: Query, name: string): Promise<SlotState | null> {
  const [row] = await query<{
    slot_name: string;
    active: boolean;
    confirmed: string | null;
    wal_status: string | null;
    reason: string | null;
    plugin: string | null;
  }>(
    // Through JSON, because Postgres 14 to 16 do not have the reason.
    `select slot_name, active, confirmed_flush_lsn::text as confirmed, wal_status,
            to_jsonb(s)->>'invalidation_reason' as reason, plugin
     from pg_replication_slots as s
     where slot_name = $1 and (database is null or database = current_database())`,
    [name],
  );
  if (row === undefined) return null;
  return {
    name: row.slot_name,
    active: row.active,
    confirmedFlush: row.confirmed === null ? null : parseLsn(row.confirmed),
    walStatus: row.wal_status ?? 'unknown',
    invalidationReason: row.reason,
    plugin: row.plugin ?? '',
  };
}

/**
 * Creates a slot on a connection of its own and keeps that connection idle: the next command on it would end the snapshot.
 * Waits until transactions that run at the source now have ended. `release` ends the snapshot, and a temporary slot with it.
 */
export async function createSlot(address: SourceAddress, slot: NewSlot): Promise<ExportedSnapshot> {
  const client = await connectSource(address, 'replication');
  try {
    const version = await serverVersion(client);
    const { rows } = await client.query<{ snapshot_name: string; consistent_point: string }>(
      createStatement(slot, version),
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the source created a slot without a snapshot');
    return {
      name: row.snapshot_name,
      consistentPoint: parseLsn(row.consistent_point),
      release: () => endClient(client),
    };
  } catch (error) {
    await endClient(client);
    throw slotProblem(error, address.route);
  }
}

/** Has a slot kept on standbys too that was made before there were any. Postgres 17 and later; it must not be read meanwhile. */
export async function keepOnStandbys(address: SourceAddress, name: string, clock: Clock): Promise<void> {
  const client = await connectSource(address, 'replication');
  try {
    if ((await serverVersion(client)) < 170_000) return;
    const { rows } = await client.query<{ failover: boolean }>(
      `select failover from pg_replication_slots where slot_name = ${pg.escapeLiteral(name)}`,
    );
    if (rows[0]?.failover !== false) return;
    await whileSlotIsActive(clock, undefined, async () => {
      await client.query(`ALTER_REPLICATION_SLOT ${pg.escapeIdentifier(name)} (FAILOVER true)`);
    });
  } finally {
    await endClient(client);
  }
}

/** A name for a temporary slot beside the route's own: at most 63 bytes, never the same twice. */
export function temporarySlotName(slotName: string): string {
  return `${slotName.slice(0, 63 - 14)}_copy_${randomBytes(4).toString('hex')}`;
}

/** Drops the slot; it is well if there is none. Waits a while for a reader that is leaving. */
export async function dropSlot(query: Query, name: string, clock: Clock): Promise<void> {
  await whileSlotIsActive(clock, undefined, async () => {
    await query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [
      name,
    ]);
  });
}

/** Waits between attempts while the server still counts another reader as active: some 6 seconds in all. */
const activeWaitsMs = [50, 100, 200, 400, 800, 1_000, 1_000, 1_000, 1_500];

/** Repeats the work while it fails because another session holds the slot (55006), a bounded number of times. */
export async function whileSlotIsActive<T>(
  clock: Clock,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (const waitMs of activeWaitsMs) {
    try {
      return await work();
    } catch (error) {
      if (sqlStateOf(error) !== '55006') throw error;
    }
    await clock.sleep(waitMs, signal);
  }
  return await work();
}

function createStatement({ name, temporary, failover }: NewSlot, version: number): string {
  const kind = `${pg.escapeIdentifier(name)} ${temporary ? 'TEMPORARY ' : ''}LOGICAL pgoutput`;
  // The options in parentheses came with Postgres 15, failover with 17.
  if (version < 150_000) return `CREATE_REPLICATION_SLOT ${kind} EXPORT_SNAPSHOT`;
  const options = [`SNAPSHOT 'export'`, ...(failover && version >= 170_000 ? ['FAILOVER true'] : [])];
  return `CREATE_REPLICATION_SLOT ${kind} (${options.join(', ')})`;
}

async function serverVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  );
  return Number(rows[0]?.version);
}

function slotProblem(error: unknown, route: string): unknown {
  switch (sqlStateOf(error)) {
    case '53400':
      return new Problem(
        'SOURCE_SLOTS_EXHAUSTED',
        `route ${route}: the source has no replication slot free`,
        {
          fix: 'Raise max_replication_slots at the source and restart it, or drop slots that nobody reads (see pg_replication_slots).',
          cause: error,
        },
      );
    case '42501':
      return new Problem('SOURCE_PRIVILEGE', `route ${route}: the user of the source may not create a slot`, {
        fix: 'As a superuser run: alter role <the user of the source> replication',
        cause: error,
      });
    case '55000':
      return new Problem('SOURCE_NOT_LOGICAL', `route ${route}: the source does not allow logical slots`, {
        fix: 'As a superuser run: alter system set wal_level = logical; then restart the server.',
        cause: error,
      });
    default:
      return error;
  }
}
