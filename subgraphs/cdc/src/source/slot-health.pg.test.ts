import { parseLsn } from '@spine/kernel/lsn';
import { eventually } from '@spine/testkit/eventually';
import { startPostgres } from '@spine/testkit/start-postgres';
import { afterAll, describe, expect, test } from 'vitest';
import { readSlotHealth } from './slot-health.ts';
import { sourceServers, takeAll } from './source-servers-suite.ts';
import { createSourceSession } from './source-session.ts';

describe.each(sourceServers())('health of a slot, $name', (server) => {
  afterAll(server.stop);

  test('what the source keeps for it grows with every change that nobody reads', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8, note text)');
    const { source, stream } = await database.stream(['public.item']);
    await stream.close();
    const before = await source.slotHealth?.();
    await database.run(`insert into item select n, repeat('x', 1000) from generate_series(1, 5000) as n`);
    const after = await source.slotHealth?.();
    expect(before).toMatchObject({ invalidationReason: null, safeBytes: null });
    expect(Number(after?.retainedBytes) - Number(before?.retainedBytes)).toBeGreaterThan(5_000_000);
  });

  test('a slot is given up while it is read; without one there is nothing to tell and nothing to give', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8)');
    const { source, stream } = await database.stream(['public.item']);
    await source.giveUpSlot?.();
    expect(await source.findSlot()).toBe(null);
    expect(await source.slotHealth?.()).toBe(null);
    await expect(
      stream.take({ maxChanges: 1, maxBytes: 1, waitMs: 5_000 }, AbortSignal.timeout(10_000)),
    ).rejects.toThrow();
    await source.giveUpSlot?.();
  });
});

describe.each(sourceServers())('a slot for standbys, $name', (server) => {
  afterAll(server.stop);

  test.each([
    ['made so from the start', true],
    ['made before there were standbys', false],
  ])('%s, is kept on them wherever the server can', async (_, failover) => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8)');
    const first = await database.stream(['public.item'], { failover });
    await database.run('insert into item values (1)');
    const [transaction] = await takeAll(database, first.stream);
    await first.stream.close();
    const { endLsn } = transaction ?? { endLsn: parseLsn('0/1') };
    const again = await database.source({ failover: true }).stream(endLsn);
    await again.close();
    const [slot] = await database.run<{ version: number; failover: string | null }>(
      `select current_setting('server_version_num')::int as version, to_jsonb(s)->>'failover' as failover
       from pg_replication_slots as s where database = current_database()`,
    );
    expect(slot?.failover).toBe((slot?.version ?? 0) >= 170_000 ? 'true' : null);
  });
});

test('a source with a cap says how much is left, and that the slot is lost once it is passed', async () => {
  const server = await startPostgres({
    version: 'embedded',
    settings: { wal_level: 'logical', max_slot_wal_keep_size: '32MB', max_wal_size: '64MB' },
  });
  const session = createSourceSession({ url: server.url, route: 'test' });
  const { query } = session;
  try {
    await query(`select pg_create_logical_replication_slot('s', 'pgoutput')`);
    const fresh = await readSlotHealth(query, 's');
    expect(Number(fresh?.safeBytes)).toBeGreaterThan(1_000_000);
    await query('create table public.filler (note text)');
    await eventually(
      async () => {
        await query(`insert into public.filler select repeat('x', 1000) from generate_series(1, 20000)`);
        await query('checkpoint');
        const now = await readSlotHealth(query, 's');
        expect(now).toMatchObject({ walStatus: 'lost', invalidationReason: 'wal_removed' });
      },
      { timeoutMs: 30_000 },
    );
  } finally {
    await session.close();
    await server.stop();
  }
});
