import { formatLsn, type Lsn, parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import { type Checkpoint, FencedOut, type SinkTable } from './sink.ts';

/** Whose state a statement touches, and the epoch under which it may. */
export interface Fence {
  readonly route: string;
  readonly epoch: bigint;
}

/** Creates `_spine` and its tables where they are missing. Several workers may do so at once. */
export async function installState(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ ready: boolean; database: string; role: string }>(
    `select to_regclass('_spine.checkpoint') is not null and to_regclass('_spine.route_table') is not null as ready,
            current_database() as database, current_user as role`,
  );
  const found = rows[0];
  if (found?.ready === true) return;
  try {
    await client.query(`
      begin;
      select pg_advisory_xact_lock(hashtextextended('spine install', 0));
      create schema if not exists _spine;
      create table if not exists _spine.checkpoint (
        route text primary key,
        epoch bigint not null,
        lsn pg_lsn,
        changes bigint not null default 0,
        system_id text,
        timeline int,
        slot text,
        updated_at timestamptz not null default now()
      );
      create table if not exists _spine.route_table (
        route text not null,
        schema_name text not null,
        table_name text not null,
        start_lsn pg_lsn,
        state text not null,
        rows bigint not null default 0,
        contract_version int,
        columns jsonb,
        primary key (route, schema_name, table_name),
        unique (schema_name, table_name)
      );
      commit`);
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw error;
    const { database = '', role = '' } = found ?? {};
    const grant = `grant create on database ${pg.escapeIdentifier(database)} to ${pg.escapeIdentifier(role)}`;
    throw new Problem('SINK_PRIVILEGE', 'the sink does not let us create the schema _spine', {
      fix: `As its owner run: ${grant}`,
      cause: error,
    });
  }
}

/**
 * Raises the route's epoch and reads its checkpoint in one statement: what was committed under the old epoch is seen, and
 * nothing can be committed under it any more.
 */
export async function raiseEpoch(
  client: pg.Client,
  route: string,
): Promise<{ readonly epoch: bigint; readonly checkpoint: Checkpoint | null }> {
  const { rows } = await client.query<{
    epoch: string;
    lsn: string | null;
    changes: string;
    system_id: string | null;
    timeline: number | null;
    slot: string | null;
    updated_at: Date;
  }>(
    `insert into _spine.checkpoint as known (route, epoch) values ($1, 1)
     on conflict (route) do update set epoch = known.epoch + 1
     returning epoch::text, lsn::text, changes::text, system_id, timeline, slot, updated_at`,
    [route],
  );
  const row = rows[0];
  if (row === undefined) throw new FencedOut(route);
  const { lsn, system_id, timeline, slot } = row;
  const known = lsn !== null && system_id !== null && timeline !== null && slot !== null;
  return {
    epoch: BigInt(row.epoch),
    checkpoint: known
      ? {
          lsn: parseLsn(lsn),
          changes: BigInt(row.changes),
          systemId: system_id,
          timeline,
          slot,
          updatedAt: row.updated_at,
        }
      : null,
  };
}

/** The route's tables whose snapshot stands complete; one that somebody dropped does not. */
export async function listCompleteTables(client: pg.Client, route: string): Promise<readonly SinkTable[]> {
  const { rows } = await client.query<{
    schema_name: string;
    table_name: string;
    start_lsn: string;
    rows: string;
    contract_version: number;
  }>(
    `select schema_name, table_name, start_lsn::text, rows::text, contract_version
     from _spine.route_table where route = $1 and state = 'complete'
       and to_regclass(format('%I.%I', schema_name, table_name)) is not null
     order by schema_name, table_name`,
    [route],
  );
  return rows.map((row) => ({
    schema: row.schema_name,
    table: row.table_name,
    startLsn: parseLsn(row.start_lsn),
    rows: BigInt(row.rows),
    contractVersion: row.contract_version,
  }));
}

/** Records the first position of a slot and starts the count of changes anew. */
export async function initialiseCheckpoint(
  client: pg.Client,
  { route, epoch }: Fence,
  first: Omit<Checkpoint, 'changes' | 'updatedAt'>,
): Promise<void> {
  const { rowCount } = await client.query(
    `update _spine.checkpoint
     set lsn = $3::pg_lsn, changes = 0, system_id = $4, timeline = $5, slot = $6, updated_at = clock_timestamp()
     where route = $1 and epoch = $2::int8`,
    [route, String(epoch), formatLsn(first.lsn), first.systemId, first.timeline, first.slot],
  );
  if (rowCount !== 1) throw new FencedOut(route);
}

/** Notes that the checkpoint belongs to a later timeline of its source; position and count stay. */
export async function followTimeline(
  client: pg.Client,
  { route, epoch }: Fence,
  timeline: number,
): Promise<void> {
  const { rowCount } = await client.query(
    'update _spine.checkpoint set timeline = $3 where route = $1 and epoch = $2::int8',
    [route, String(epoch), timeline],
  );
  if (rowCount !== 1) throw new FencedOut(route);
}

/** Moves the checkpoint without rows; a position behind it leaves it where it is. */
export async function advanceCheckpoint(
  client: pg.Client,
  { route, epoch }: Fence,
  position: Lsn,
): Promise<void> {
  const { rowCount } = await client.query(
    `update _spine.checkpoint set lsn = greatest(lsn, $3::pg_lsn), updated_at = clock_timestamp()
     where route = $1 and epoch = $2::int8`,
    [route, String(epoch), formatLsn(position)],
  );
  if (rowCount !== 1) throw new FencedOut(route);
}

/** Locks the checkpoint for the rest of the transaction: until its end nobody raises the epoch. */
export async function lockEpoch(client: pg.Client, { route, epoch }: Fence): Promise<void> {
  const { rowCount } = await client.query(
    'select from _spine.checkpoint where route = $1 and epoch = $2::int8 for update',
    [route, String(epoch)],
  );
  if (rowCount !== 1) throw new FencedOut(route);
}

/** Takes a table's snapshot for incomplete, so that it is copied again; the table stays the route's. */
export async function forgetTable(
  client: pg.Client,
  { route, epoch }: Fence,
  schema: string,
  table: string,
): Promise<void> {
  await inTransaction(client, async () => {
    await lockEpoch(client, { route, epoch });
    await client.query(
      `update _spine.route_table set state = 'forgotten', start_lsn = null, rows = 0
       where route = $1 and schema_name = $2 and table_name = $3`,
      [route, schema, table],
    );
  });
}

/** Runs the work in a transaction: commits when it returns, rolls back when it throws. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // A connection that is gone has rolled back already.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  await commit(client);
  return result;
}

/** Commits, and throws when the server rolled back instead, as it does with a transaction that had failed. */
export async function commit(client: pg.Client): Promise<void> {
  const { command } = await client.query('commit');
  if (command !== 'COMMIT') throw new Error('the sink rolled back a transaction that was to be committed');
}
