import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import { eventually } from '@spine/testkit/eventually';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import type { SourceTransaction } from '../domain/change.ts';
import { columnCount } from '../domain/tuple.ts';
import { type SourceDatabase, sayChanges, sourceServers, takeAll } from './source-servers-suite.ts';

const limits = { maxChanges: 1_000, maxBytes: 1 << 20, waitMs: 50 };
const patient = () => AbortSignal.timeout(30_000);

async function confirmed(database: SourceDatabase): Promise<Lsn> {
  const [row] = await database.run<{ lsn: string }>(
    'select confirmed_flush_lsn::text as lsn from pg_replication_slots where database = current_database()',
  );
  return parseLsn(row?.lsn ?? '');
}

describe.each(sourceServers())('positions of a stream, $name', (server) => {
  afterAll(server.stop);

  test('a stream that starts at a checkpoint loses nothing and doubles nothing', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const { source, stream } = await database.stream(['public.item']);
    for (let id = 1; id <= 20; id += 1) await database.run('insert into item values ($1)', [id]);
    const first: SourceTransaction[] = [];
    while (first.length < 7) {
      const take = await stream.take({ ...limits, maxChanges: 7 - first.length }, patient());
      first.push(...take.transactions);
    }
    // Nothing was acknowledged: the slot still stands before all of it.
    await stream.close();
    const again = await source.stream(first.at(-1)?.endLsn ?? parseLsn('0/1'));
    const rest = await takeAll(database, again);
    await again.close();
    expect(sayChanges([...first, ...rest])).toEqual(
      Array.from({ length: 20 }, (_, index) => `insert item (${index + 1})`),
    );
  });

  test('only what is acknowledged moves the slot', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const { stream } = await database.stream(['public.item']);
    const before = await confirmed(database);
    await database.run('insert into item values (1)');
    const [transaction] = await takeAll(database, stream);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await confirmed(database)).toBe(before);
    const end = transaction?.endLsn ?? before;
    stream.acknowledge(end);
    await eventually(async () => expect(await confirmed(database)).toBe(end));
  });

  test('the last acknowledgement reaches the slot when the stream closes', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const { stream } = await database.stream(['public.item']);
    await database.run('insert into item values (1)');
    const [transaction] = await takeAll(database, stream);
    const end = transaction?.endLsn ?? parseLsn('0/1');
    stream.acknowledge(end);
    await stream.close();
    await eventually(async () => expect(await confirmed(database)).toBe(end), { timeoutMs: 2_000 });
  });

  test('traffic of another database moves the position', async () => {
    await using database = await server.createDatabase();
    await using other = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    await other.run('create table elsewhere (id int8 primary key)');
    const { stream } = await database.stream(['public.item']);
    const before = (await stream.take({ ...limits, waitMs: 0 }, patient())).position;
    await other.run('insert into elsewhere select * from generate_series(1, 1000)');
    await eventually(async () => {
      const take = await stream.take(limits, patient());
      expect(take.transactions).toEqual([]);
      expect(take.position).toBeGreaterThan(before + 10_000n);
    });
  });

  test('a heartbeat moves the position of an idle database', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const { stream } = await database.stream(['public.item'], { heartbeatMs: 50 });
    const before = (await stream.take({ ...limits, waitMs: 0 }, patient())).position;
    await eventually(async () => {
      expect((await stream.take(limits, patient())).position).toBeGreaterThan(before + 200n);
    });
    expect(stream.serverPosition()).toBeGreaterThan(before);
  });

  test('a transaction larger than the queue passes, and what is behind it too', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item'], {
      queueCaps: { maxChanges: 100, maxBytes: 10_000 },
    });
    await database.run(`insert into item select n, 'name of ' || n from generate_series(1, 20000) as n`);
    for (let id = 20_001; id <= 20_300; id += 1) await database.run('insert into item values ($1)', [id]);
    const transactions = await takeAll(database, stream);
    expect(transactions.map(({ changes }) => changes.length)).toEqual([
      20_000,
      ...Array.from({ length: 300 }, () => 1),
    ]);
    const ids = transactions.flatMap(({ changes }) =>
      changes.map((change) => (change.kind === 'insert' ? columnCount(change.after) : 0)),
    );
    expect(ids.every((columns) => columns === 2)).toBe(true);
  });

  test('a stream that nobody takes from stops reading, and stays connected meanwhile', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item'], {
      url: `${database.url}?options=-c%20wal_sender_timeout%3D3000`,
      queueCaps: { maxChanges: 10, maxBytes: 1_000 },
    });
    // More than the buffers between us and the server hold.
    for (let turn = 0; turn < 80; turn += 1) {
      await database.run(
        `insert into item select $1 * 1000 + n, repeat('x', 1000) from generate_series(1, 1000) as n`,
        [turn],
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const [sender] = await database.run<{ unsent: number }>(
      `select (pg_current_wal_lsn() - sent_lsn)::float8 as unsent from pg_stat_replication
       where pid = (select active_pid from pg_replication_slots where database = current_database())`,
    );
    expect(sender?.unsent).toBeGreaterThan(20_000_000);
    const transactions = await takeAll(database, stream);
    expect(transactions).toHaveLength(80);
  });

  test('a second reader waits for the first to leave', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const { stream } = await database.stream(['public.item']);
    const from = (await stream.take({ ...limits, waitMs: 0 }, patient())).position;
    const opening = database.source().stream(from);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await stream.close();
    const second = await opening;
    await database.run('insert into item values (1)');
    expect(sayChanges(await takeAll(database, second))).toEqual(['insert item (1)']);
    await second.close();
  });

  test('when the connection is cut, what had arrived is taken and then take rejects with the cause', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const { source, stream } = await database.stream(['public.item']);
    await database.run('insert into item values (1)');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await database.run(
      'select pg_terminate_backend(active_pid) from pg_replication_slots where database = current_database()',
    );
    const taken: SourceTransaction[] = [];
    const failure = await eventually(async () => {
      try {
        taken.push(...(await stream.take(limits, patient())).transactions);
      } catch (error) {
        return error;
      }
      throw new Error('still alive');
    });
    expect(sayChanges(taken)).toEqual(['insert item (1)']);
    expect(failure).toBeInstanceOf(Error);
    expect(failure instanceof pg.DatabaseError ? failure.code : 'closed').toMatch(/^(57P01|closed)$/);
    const again = await source.stream(taken.at(-1)?.endLsn ?? parseLsn('0/1'));
    await database.run('insert into item values (2)');
    expect(sayChanges(await takeAll(database, again))).toEqual(['insert item (2)']);
    await again.close();
  });

  test('an abort ends a take with its reason', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const { stream } = await database.stream(['public.item']);
    const stop = new AbortController();
    const taking = stream.take({ ...limits, waitMs: 60_000 }, stop.signal);
    setTimeout(() => stop.abort(new Error('drained')), 50);
    await expect(taking).rejects.toThrow('drained');
  });
});
