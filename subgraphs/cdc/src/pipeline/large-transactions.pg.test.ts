import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { systemClock } from '@spine/platform/clock';
import { createLog } from '@spine/platform/log/create-log';
import { eventually } from '@spine/testkit/eventually';
import { createTestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Batch } from '../domain/delivery.ts';
import type { Leaf } from '../domain/leaf.ts';
import { createPostgresSink } from '../sink/postgres-sink.ts';
import type { SinkSession } from '../sink/sink.ts';
import { type SourceDatabase, sourceServers } from '../source/source-servers-suite.ts';
import { memoryContext } from './memory-context.ts';
import { memoryFeed, memoryLeaves } from './memory-route.ts';
import type { RouteContext } from './route-context.ts';
import { runRoute } from './run-route.ts';

// A whole route from a real source to a real sink; only registry and ledger are in memory.

const policy = compilePolicy({
  regions: [],
  sources: [
    { name: 'shop', region: 'eu-central-1', namespace: 'postgres://h:1', database: 'shop', owner: 'a' },
  ],
  sinks: [
    {
      name: 'warehouse',
      type: 'postgres',
      region: 'eu-central-1',
      namespace: 'postgres://h:1',
      database: 'warehouse',
      owner: 'a',
      purpose: 'analytics',
      retention: 'P1D',
      iam: 'w',
    },
  ],
  classification: [{ dataset: 'shop.public.*', class: 'internal' }],
  residency: { rules: [{ id: 'all', effect: 'allow', match: {}, rationale: 'test' }], exceptions: [] },
});
const [server] = sourceServers();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spine-spool-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await server?.stop();
});

/** A source with tables `item` and `journal`, and a sink; `run` runs the route until what it returns is called. */
async function stage() {
  if (server === undefined) throw new Error('no server to run on');
  const source = await server.createDatabase();
  const sink = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: sink.url, max: 2 });
  pool.on('error', () => undefined);
  await source.run(`alter database ${source.name} set logical_decoding_work_mem = '64kB'`);
  await source.run(`
    create table item (id int8 primary key, note text);
    create table journal (line text);
    insert into item select n, 'old' from generate_series(1, 100) as n`);
  const leaves: Leaf[] = [];
  const batches: Batch[] = [];
  const atSink = async <T extends pg.QueryResultRow>(sql: string) => (await pool.query<T>(sql)).rows;

  function run(wrap: (session: SinkSession) => SinkSession = (session) => session): () => Promise<void> {
    const stop = new AbortController();
    const { queue, leaves: written } = memoryLeaves([]);
    const { context } = memoryContext({
      clock: systemClock,
      leaves: queue,
      policyFeed: memoryFeed(policy),
    });
    const log = createLog({ service: 'test', level: 'silent' });
    const postgres = createPostgresSink({
      url: sink.url,
      route: 'shop-to-warehouse',
      log,
      clock: systemClock,
    });
    const whole: RouteContext = {
      ...context,
      signal: stop.signal,
      limits: { ...context.limits, waitMs: 20, idleAdvanceMs: 100 },
      source: source.source({ spoolFolder: folder, spoolAbove: 50_000 }),
      sink: {
        ...postgres,
        async takeOver(signal) {
          const session = wrap(await postgres.takeOver(signal));
          return {
            ...session,
            async deliver(batch) {
              batches.push(batch);
              return await session.deliver(batch);
            },
          };
        },
      },
      slotName: `slot_${source.name}`.slice(0, 63),
    };
    const running = runRoute(whole);
    running.catch(() => undefined);
    return async () => {
      stop.abort();
      try {
        await running;
      } finally {
        leaves.push(...written);
        await Promise.allSettled([whole.source.close(), whole.sink.close()]);
      }
    };
  }

  return {
    source,
    atSink,
    leaves,
    batches,
    run,
    async [Symbol.asyncDispose]() {
      await pool.end();
      await source[Symbol.asyncDispose]();
      await sink.drop();
    },
  };
}

const content = `select count(*)::int as n, coalesce(md5(string_agg(id || ':' || note, ',' order by id)), '') as digest from item`;

async function equal(source: SourceDatabase, atSink: (sql: string) => Promise<unknown[]>): Promise<void> {
  await eventually(
    async () => {
      expect(await atSink(content)).toEqual(await source.run(content));
      expect(await atSink('select count(*)::int as n from journal')).toEqual(
        await source.run('select count(*)::int as n from journal'),
      );
    },
    { timeoutMs: 30_000 },
  );
}

const large = `
  begin;
  insert into item select n, repeat('x', 200) from generate_series(101, 6000) as n;
  insert into journal select 'line ' || n from generate_series(1, 500) as n;
  update item set note = 'new' where id <= 50;
  savepoint s;
  delete from item where id > 3000;
  rollback to s;
  update item set id = id + 100000 where id between 200 and 220;
  delete from item where id > 5900 and id < 6001;
  commit`;

test('a transaction that lies on disk reaches the sink as one batch with one decision for each table', async () => {
  await using route = await stage();
  const stop = route.run();
  await equal(route.source, route.atSink);
  const before = await route.atSink<{ changes: number }>('select changes::int from _spine.checkpoint');
  await route.source.run(large);
  await equal(route.source, route.atSink);
  await stop();
  const inParts = route.batches.filter(({ parts }) => parts !== undefined);
  expect(inParts).toHaveLength(1);
  const decisions = route.leaves.find(({ batchId }) => batchId === inParts[0]?.id)?.decisions ?? [];
  expect(decisions.map(({ logicalName, rows }) => [logicalName, rows]).sort()).toEqual([
    ['shop.public.item', 5_900 + 50 + 21 + 100],
    ['shop.public.journal', 500],
  ]);
  const [after] = await route.atSink<{ changes: number }>('select changes::int from _spine.checkpoint');
  expect((after?.changes ?? 0) - (before[0]?.changes ?? 0)).toBe(5_900 + 50 + 21 + 100 + 500);
});

test('a worker lost in the midst of it leaves nothing at the sink, and the next one delivers it whole', async () => {
  await using route = await stage();
  const first = route.run((session) => ({
    ...session,
    async deliver(batch) {
      const delivery = await session.deliver(batch);
      if (batch.parts === undefined) return delivery;
      await delivery.rollback();
      throw new Error('the worker is lost');
    },
  }));
  await equal(route.source, route.atSink);
  await route.source.run(large);
  await eventually(() => expect(route.batches.some(({ parts }) => parts !== undefined)).toBe(true));
  await Promise.allSettled([first()]);
  expect(await route.atSink('select count(*)::int as n from journal')).toEqual([{ n: 0 }]);
  const second = route.run();
  await equal(route.source, route.atSink);
  await second();
});

test('one row of it that the sink refuses is set aside, and the others arrive', async () => {
  await using route = await stage();
  const stop = route.run();
  await equal(route.source, route.atSink);
  await route.atSink(`alter table item add check (note <> 'poison')`);
  await route.source.run(`
    begin;
    insert into item select n, repeat('x', 200) from generate_series(101, 2000) as n;
    insert into item values (2001, 'poison');
    insert into item select n, repeat('x', 200) from generate_series(2002, 4000) as n;
    commit`);
  await eventually(
    async () => expect(await route.atSink('select count(*)::int as n from item')).toEqual([{ n: 3_999 }]),
    { timeoutMs: 30_000 },
  );
  expect(await route.atSink('select id::int from item where id = 2001')).toEqual([]);
  await stop();
});

test('a sink that does not take parts gets it whole', async () => {
  await using route = await stage();
  const stop = route.run((session) => ({ ...session, takesParts: false }));
  await equal(route.source, route.atSink);
  await route.source.run(large);
  await equal(route.source, route.atSink);
  await stop();
  expect(route.batches.every(({ parts }) => parts === undefined)).toBe(true);
});
