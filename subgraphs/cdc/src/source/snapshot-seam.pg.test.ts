import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { readColumn } from '../domain/tuple.ts';
import type { ChangeSource, ExportedSnapshot } from './change-source.ts';
import { type SourceDatabase, sourceServers, takeAll } from './source-servers-suite.ts';

const never = new AbortController().signal;

/** The int8 in the first column of each row of COPY binary. */
async function copiedIds(rows: NodeJS.ReadableStream): Promise<bigint[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of rows) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  expect(bytes.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0');
  const ids: bigint[] = [];
  let at = 19;
  for (;;) {
    const columns = bytes.readInt16BE(at);
    at += 2;
    if (columns === -1) return ids;
    for (let column = 0; column < columns; column += 1) {
      const length = bytes.readInt32BE(at);
      if (column === 0) ids.push(bytes.readBigInt64BE(at + 4));
      at += 4 + Math.max(length, 0);
    }
  }
}

async function copyIds(source: ChangeSource, snapshot: ExportedSnapshot, pattern: string): Promise<bigint[]> {
  const [table] = await source.listTables([pattern]);
  if (table === undefined) throw new Error('no such table');
  return await copiedIds(await source.copyTable(table.relation, snapshot.name, never));
}

/** Inserts one row a transaction until told to stop; answers how many. */
async function insertUntil(database: SourceDatabase, stop: AbortSignal, first: number): Promise<number> {
  let id = first;
  while (!stop.aborted) {
    await database.run('insert into item values ($1)', [id]);
    id += 1;
  }
  return id - first;
}

describe.each(sourceServers())('snapshot and stream, $name', (server) => {
  afterAll(server.stop);

  test('snapshot and stream meet exactly under concurrent writes', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const source = database.source();
    await source.publish(await source.listTables(['public.item']));
    const stop = new AbortController();
    const writers = [0, 1_000_000, 2_000_000].map((first) => insertUntil(database, stop.signal, first));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const snapshot = await source.createSlot();
    const copied = await copyIds(source, snapshot, 'public.item');
    await snapshot.release();
    await new Promise((resolve) => setTimeout(resolve, 200));
    stop.abort();
    const written = (await Promise.all(writers)).reduce((sum, count) => sum + count, 0);
    const stream = await source.stream(snapshot.consistentPoint);
    const streamed = (await takeAll(database, stream)).flatMap(({ changes }) =>
      changes.flatMap((change) =>
        change.kind === 'insert' ? [change.after.readBigInt64BE(readColumn(change.after, 0).start)] : [],
      ),
    );
    await stream.close();
    expect(copied.length).toBeGreaterThan(0);
    expect(streamed.length).toBeGreaterThan(0);
    expect(copied.length + streamed.length).toBe(written);
    expect(new Set([...copied, ...streamed]).size).toBe(written);
  });

  test('a table that joins later is copied under a temporary slot that leaves nothing behind', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key); insert into item values (1)');
    const { source, stream } = await database.stream(['public.item']);
    await database.run('create table late (id int8 primary key); insert into late values (7), (8)');
    await source.publish(await source.listTables(['public.*']));
    const snapshot = await source.exportSnapshot();
    await database.run('insert into late values (9)');
    expect(await copyIds(source, snapshot, 'public.late')).toEqual([7n, 8n]);
    await snapshot.release();
    const streamed = await takeAll(database, stream);
    const late = streamed.filter(({ changes }) => changes[0]?.relation.table === 'late');
    expect(late.filter(({ endLsn }) => endLsn > snapshot.consistentPoint)).toHaveLength(1);
    const slots = await database.run(
      'select from pg_replication_slots where database = current_database() and temporary',
    );
    expect(slots).toEqual([]);
  });

  test('a partitioned table is copied with its partitions, an ordinary one without its heirs', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table event (id int8, region text, primary key (id, region)) partition by list (region);
      create table event_eu partition of event for values in ('eu');
      create table event_us partition of event for values in ('us');
      insert into event values (1, 'eu'), (2, 'us');
      create table animal (id int8 primary key);
      create table cat () inherits (animal);
      insert into animal values (3);
      insert into cat values (4)`);
    const { source } = await database.stream(['public.event', 'public.animal']);
    const snapshot = await source.exportSnapshot();
    expect((await copyIds(source, snapshot, 'public.event')).sort()).toEqual([1n, 2n]);
    expect(await copyIds(source, snapshot, 'public.animal')).toEqual([3n]);
    await snapshot.release();
  });

  test('a copy that is cancelled ends with the reason and leaves no session', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table item (id int8 primary key, name text);
      insert into item select n, repeat('x', 1000) from generate_series(1, 50000) as n`);
    const { source } = await database.stream(['public.item']);
    const [table] = await source.listTables(['public.item']);
    if (table === undefined) throw new Error('no such table');
    const snapshot = await source.exportSnapshot();
    const stop = new AbortController();
    const rows = await source.copyTable(table.relation, snapshot.name, stop.signal);
    const reading = (async () => {
      for await (const _ of rows) stop.abort(new Error('drained'));
    })();
    await expect(reading).rejects.toThrow('drained');
    await snapshot.release();
    await expect
      .poll(async () => {
        const sessions = await database.run(
          `select from pg_stat_activity where datname = current_database() and query like 'copy %' and state = 'active'`,
        );
        return sessions.length;
      })
      .toBe(0);
  });

  test('a copy whose server session dies is an error of the stream, also when nobody listens', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table item (id int8 primary key, name text);
      insert into item select n, repeat('x', 1000) from generate_series(1, 50000) as n`);
    const { source } = await database.stream(['public.item']);
    const [table] = await source.listTables(['public.item']);
    if (table === undefined) throw new Error('no such table');
    const snapshot = await source.exportSnapshot();
    const heard = await source.copyTable(table.relation, snapshot.name, never);
    await source.copyTable(table.relation, snapshot.name, never);
    await database.run(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'copy %'`,
    );
    const reading = (async () => {
      for await (const _ of heard.pipe(new PassThrough())) void _;
    })();
    const failed = new Promise((resolve) => heard.once('error', resolve));
    expect(await failed).toBeInstanceOf(Error);
    void reading.catch(() => undefined);
    await snapshot.release();
  });
});
