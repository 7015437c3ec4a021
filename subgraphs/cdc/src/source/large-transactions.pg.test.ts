import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Change, SourceTransaction } from '../domain/change.ts';
import { type SourceDatabase, sayChanges, sourceServers, takeAll } from './source-servers-suite.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spine-spool-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Changes of one transaction, wherever they are kept, in short. */
async function say(transaction: SourceTransaction | undefined): Promise<readonly string[]> {
  if (transaction === undefined) return [];
  const changes: Change[] = [...transaction.changes];
  for await (const part of transaction.spooled?.parts() ?? []) changes.push(...part);
  return sayChanges([{ ...transaction, changes }]);
}

/** From now on the server sends a transaction in blocks as soon as it is larger than this. */
async function sendBlocksAbove(database: SourceDatabase, size: string): Promise<void> {
  await database.run(`alter database ${database.name} set logical_decoding_work_mem = '${size}'`);
}

async function streamedTransactions(database: SourceDatabase): Promise<number> {
  const [row] = await database.run<{ count: string }>(
    `select coalesce(sum(stream_txns), 0)::text as count from pg_stat_replication_slots where slot_name = $1`,
    [`slot_${database.name}`.slice(0, 63)],
  );
  return Number(row?.count);
}

describe.each(sourceServers())('transactions too large for memory, $name', (server) => {
  afterAll(server.stop);

  test('blocks of an open transaction are kept on disk and come whole at its commit, in commit order', async () => {
    await using database = await server.createDatabase();
    await sendBlocksAbove(database, '64kB');
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item'], { spoolFolder: folder });
    await database.run(`
      begin;
      insert into item select n, repeat('x', 100) from generate_series(1, 5000) as n;
      update item set name = 'y' where id <= 10;
      delete from item where id > 4990;
      commit`);
    await database.run(`insert into item values (9001, 'after')`);
    const [large, small] = await takeAll(database, stream);
    expect(large?.changes).toEqual([]);
    expect([...(large?.spooled?.counts ?? [])].map(([{ table }, count]) => [table, count])).toEqual([
      ['item', 5_020],
    ]);
    const said = await say(large);
    expect(said).toHaveLength(5_020);
    expect(said[0]).toBe(`insert item (1,${'x'.repeat(100)})`);
    expect(said.slice(4_999, 5_001)).toEqual([`insert item (5000,${'x'.repeat(100)})`, 'update item (1,y)']);
    expect(said.at(-1)).toBe('delete item K(5000,)');
    expect(await say(small)).toEqual(['insert item (9001,after)']);
    expect(await readdir(folder)).toEqual([]);
    await expect.poll(() => streamedTransactions(database)).toBeGreaterThan(0);
  });

  test('savepoints rolled back inside it leave nothing, a rolled back transaction neither', async () => {
    await using database = await server.createDatabase();
    await sendBlocksAbove(database, '64kB');
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item'], { spoolFolder: folder });
    const rows = (from: number, to: number): string =>
      `insert into item select n, repeat('x', 100) from generate_series(${from}, ${to}) as n;`;
    await database.run(`begin; ${rows(1, 3_000)} rollback`);
    await database.run(`
      begin;
      ${rows(1, 2_000)}
      savepoint outside;
      ${rows(2_001, 4_000)}
      savepoint inside;
      ${rows(4_001, 6_000)}
      rollback to inside;
      ${rows(4_001, 4_500)}
      rollback to outside;
      ${rows(7_001, 8_000)}
      savepoint kept;
      ${rows(8_001, 9_000)}
      release kept;
      commit`);
    const transactions = await takeAll(database, stream);
    expect(transactions.filter(({ spooled }) => spooled !== undefined)).toHaveLength(1);
    const ids = (await say(transactions[0])).map((line) => Number(/\((\d+),/.exec(line)?.[1]));
    const expected = [...range(1, 2_000), ...range(7_001, 9_000)];
    expect(ids).toEqual(expected);
  });

  test('two open transactions that grow at once come apart, in the order of their commits', async () => {
    await using database = await server.createDatabase();
    await sendBlocksAbove(database, '64kB');
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item'], { spoolFolder: folder });
    const [one, two] = await Promise.all([openSession(database), openSession(database)]);
    for (let step = 0; step < 4; step += 1) {
      await one.query(rowsFrom(step * 1_000));
      await two.query(rowsFrom(100_000 + step * 1_000));
    }
    await two.query('commit');
    await one.query('commit');
    await Promise.all([one.end(), two.end()]);
    const [first, second] = await takeAll(database, stream);
    expect((await say(first)).at(0)).toMatch(/^insert item \(100000,/);
    expect((await say(second)).at(0)).toMatch(/^insert item \(0,/);
    expect(first?.spooled?.counts.values().next().value).toBe(4_000);
    expect(second?.spooled?.counts.values().next().value).toBe(4_000);
  });

  test('a column added in the midst of it splits its changes into two shapes, as the catalogue has them', async () => {
    await using database = await server.createDatabase();
    await sendBlocksAbove(database, '64kB');
    await database.run('create table item (id int8 primary key, name text not null)');
    const { source, stream } = await database.stream(['public.item'], { spoolFolder: folder });
    const [listed] = await source.listTables(['public.item']);
    await database.run(`
      begin;
      insert into item select n, repeat('x', 100) from generate_series(1, 2000) as n;
      alter table item add column price int8 not null default 0;
      insert into item select n, repeat('x', 100), n from generate_series(2001, 4000) as n;
      commit`);
    await database.run(`insert into item values (4001, 'b', 7)`);
    const [large, small] = await takeAll(database, stream);
    const shapes = [...(large?.spooled?.counts ?? [])];
    expect(shapes.map(([{ columns }, count]) => [columns.map(({ name }) => name), count])).toEqual([
      [['id', 'name'], 2_000],
      [['id', 'name', 'price'], 2_000],
    ]);
    expect(shapes[0]?.[0]).toBe(listed?.relation);
    expect(shapes[1]?.[0].columns[2]).toMatchObject({ nullable: false });
    expect(small?.changes[0]?.relation).toBe(shapes[1]?.[0]);
  });

  test('a server that keeps it to the end sends it whole, and it goes to disk here', async () => {
    await using database = await server.createDatabase();
    await sendBlocksAbove(database, '512MB');
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item'], { spoolFolder: folder, spoolAbove: 100_000 });
    await database.run(`insert into item select n, repeat('x', 100) from generate_series(1, 5000) as n`);
    await database.run(`insert into item values (9001, 'after')`);
    const [large, small] = await takeAll(database, stream);
    expect(large?.changes).toEqual([]);
    expect(await say(large)).toHaveLength(5_000);
    expect(small?.spooled).toBe(undefined);
    expect(await streamedTransactions(database)).toBe(0);
  });

  test('a lost stream begins a half sent transaction anew', async () => {
    await using database = await server.createDatabase();
    await sendBlocksAbove(database, '64kB');
    await database.run('create table item (id int8 primary key, name text)');
    const { source, stream } = await database.stream(['public.item'], { spoolFolder: folder });
    await database.run(`insert into item values (-1, 'before')`);
    const [before] = await takeAll(database, stream);
    const open = await openSession(database);
    await open.query(rowsFrom(0));
    await expect.poll(() => streamedTransactions(database), { timeout: 10_000 }).toBeGreaterThan(0);
    if (before === undefined) throw new Error('nothing came before');
    stream.acknowledge(before.endLsn);
    await stream.close();
    const again = await source.stream(before.endLsn);
    await open.query(rowsFrom(1_000));
    await open.query('commit');
    await open.end();
    const [large] = await takeAll(database, again);
    expect((await say(large)).length).toBe(2_000);
    await again.close();
  });
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function rowsFrom(from: number): string {
  return `insert into item select n, repeat('x', 100) from generate_series(${from}, ${from + 999}) as n`;
}

async function openSession(database: SourceDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('begin');
  return client;
}
