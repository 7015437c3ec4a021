import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, type Database } from '../postgres/create-database.ts';
import { createListenHub, type ListenHub } from '../postgres/listen-hub.ts';
import { migrate } from '../postgres/migrate.ts';
import { appendEvents } from './append-event.ts';
import { createStream, type Stream, type StreamOptions } from './create-stream.ts';
import { cutEvents } from './cut-events.ts';
import { streamMigration } from './migration.ts';
import { pinnedSnapshot } from './pinned-snapshot.ts';
import type { StreamItem } from './stream-item.ts';

interface Item {
  readonly n: number;
}
interface Tables {
  readonly thing: { readonly n: number };
}

const secret = 'a secret of at least thirty-two characters';
const log = createRecordingLog();
const migrations = [
  streamMigration(1),
  { version: 2, name: 'things', sql: 'create table thing (n int primary key);' },
];
let testDatabase: TestDatabase;
let database: Database<Tables>;
let hub: ListenHub;
let stream: Stream<Item>;

const open = (changes: Partial<StreamOptions<Item>> = {}): Stream<Item> =>
  createStream<Item>({ database, hub, name: 'violations', secret, log, heartbeatMs: 60_000, ...changes });

beforeEach(async () => {
  testDatabase = await createTestDatabase({
    template: {
      name: 'stream',
      async migrate(url) {
        const template = createDatabase({ url, schema: 'lab', log });
        await migrate(template, migrations);
        await template.close();
      },
    },
  });
  database = createDatabase<Tables>({ url: testDatabase.url, schema: 'lab', log, max: 20 });
  hub = createListenHub(database, log);
  stream = open();
});
afterEach(async () => {
  await stream.close();
  await hub.close();
  await database.close();
  await testDatabase.drop();
});

const append = (...numbers: number[]): Promise<bigint> =>
  database.kysely.transaction().execute((trx) =>
    appendEvents(
      trx,
      'violations',
      numbers.map((n) => ({ n })),
    ),
  );

async function take(iterator: AsyncIterator<StreamItem<Item>>, count: number): Promise<StreamItem<Item>[]> {
  const items: StreamItem<Item>[] = [];
  while (items.length < count) {
    const { done, value } = await iterator.next();
    if (done) break;
    items.push(value);
  }
  return items;
}
const numbers = (items: readonly StreamItem<Item>[]): number[] =>
  items.flatMap((item) => (item.kind === 'event' || item.kind === 'snapshot' ? [item.value.n] : []));
const kinds = (items: readonly StreamItem<Item>[]): string[] => items.map(({ kind }) => kind);
const lastCursor = (items: readonly StreamItem<Item>[]): string => items.at(-1)?.cursor ?? '';

test('a subscription begins now, says where, and follows', async () => {
  await append(1, 2);
  const events = stream.subscribe();
  expect(kinds(await take(events, 1))).toEqual(['heartbeat']);
  const coming = take(events, 3);
  await append(3);
  await append(4, 5);
  expect(numbers(await coming)).toEqual([3, 4, 5]);
});

test('a subscription takes its place at once, also for a reader that asks late', async () => {
  const events = stream.subscribe();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await append(1);
  expect(numbers(await take(events, 2))).toEqual([1]);
});

test('resuming at any cursor gives exactly what followed it', async () => {
  const begin = lastCursor(await take(stream.subscribe(), 1));
  await append(...Array.from({ length: 30 }, (_, n) => n));
  const all = await take(stream.subscribe({ after: begin }), 30);
  expect(numbers(all)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  for (const [index, item] of all.slice(0, -1).entries()) {
    const resumed = open().subscribe({ after: item.cursor });
    expect(numbers(await take(resumed, 29 - index))).toEqual(numbers(all.slice(index + 1)));
    await resumed.return?.();
  }
});

test('a rolled back append leaves no event and no hole', async () => {
  const events = stream.subscribe();
  await take(events, 1);
  await append(1);
  const failing = database.kysely.transaction().execute(async (trx) => {
    await appendEvents(trx, 'violations', [{ n: 99 }]);
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await append(2)).toBe(2n);
  expect(numbers(await take(events, 2))).toEqual([1, 2]);
});

test('under many appenders, rollbacks and long transactions no reader skips or reorders a committed event', async () => {
  const begin = lastCursor(await take(stream.subscribe(), 1));
  const appenders = 12;
  const each = 25;
  const committed: number[] = [];
  const readers = Array.from({ length: 4 }, () => stream.subscribe({ after: begin }));
  const reading = Promise.all(
    readers.map(async (reader) => {
      const seen: number[] = [];
      for await (const item of reader) {
        if (item.kind === 'event') seen.push(item.value.n);
        if (item.kind === 'event' && item.value.n === -1) return seen;
      }
      return seen;
    }),
  );
  // One transaction stays open all along: it must hold nobody up.
  let finish = (): void => undefined;
  const long = database.kysely.transaction().execute(async (trx) => {
    await sql`select count(*) from stream_event`.execute(trx);
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  await Promise.all(
    Array.from({ length: appenders }, async (_, appender) => {
      for (let round = 0; round < each; round += 1) {
        const n = appender * 1_000 + round;
        await database.kysely
          .transaction()
          .execute(async (trx) => {
            await trx.insertInto('thing').values({ n }).execute();
            if (Math.random() < 0.2) await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
            await appendEvents(trx, 'violations', [{ n }, { n: n + 0.5 }]);
            if (Math.random() < 0.2) throw new Error('chosen rollback');
            // Between append and commit others wait: a slow commit must not let a reader pass.
            if (Math.random() < 0.1) await new Promise((resolve) => setTimeout(resolve, 5));
          })
          .then(
            () => committed.push(n, n + 0.5),
            (error: Error) => expect(error.message).toBe('chosen rollback'),
          );
      }
    }),
  );
  await append(-1);
  const seen = await reading;
  finish();
  await long;
  const stored = await sql<{ n: number; seq: bigint }>`
    select (item->>'n')::float8 as n, seq from stream_event order by seq`.execute(database.kysely);
  const order = stored.rows.map(({ n }) => n);
  expect([...order].sort()).toEqual([...committed, -1].sort());
  expect(stored.rows.map(({ seq }) => seq)).toEqual(order.map((_, index) => BigInt(index + 1)));
  for (const reader of seen) expect(reader).toEqual(order);
});

test('a snapshot comes first, then its end, then exactly what it did not hold', async () => {
  const change = (n: number): Promise<unknown> =>
    database.kysely.transaction().execute(async (trx) => {
      await trx.insertInto('thing').values({ n }).execute();
      await appendEvents(trx, 'violations', [{ n }]);
    });
  let going = true;
  const writing = (async () => {
    for (let n = 0; going; n += 1) await change(n);
  })();
  await eventually(async () => expect(await stream.read({ first: 10 })).toMatchObject({ hasMore: true }));
  for (let round = 0; round < 5; round += 1) {
    const events = stream.subscribe({
      snapshot: pinnedSnapshot(database, async (trx) =>
        trx.selectFrom('thing').select('n').orderBy('n').execute(),
      ),
    });
    const items: StreamItem<Item>[] = [];
    for await (const item of events) {
      items.push(item);
      if (item.kind === 'event' && items.filter(({ kind }) => kind === 'event').length === 20) break;
    }
    const seam = kinds(items).indexOf('snapshot-complete');
    expect(kinds(items.slice(0, seam)).every((kind) => kind === 'snapshot')).toBe(true);
    // Together they are every number once: nothing missing and nothing twice at the seam.
    expect(numbers(items)).toEqual(numbers(items).map((_, index) => index));
  }
  going = false;
  await writing;
});

test('a reader cut off inside a snapshot gets the snapshot again, or is told that it lacks it', async () => {
  await append(1);
  const snapshot = async (): Promise<Item[]> => [{ n: 10 }, { n: 11 }];
  const [first] = await take(stream.subscribe({ snapshot }), 1);
  const again = await take(stream.subscribe({ after: first?.cursor, snapshot }), 3);
  expect(kinds(again)).toEqual(['snapshot', 'snapshot', 'snapshot-complete']);
  const [told] = await take(stream.subscribe({ after: first?.cursor }), 1);
  expect(told).toMatchObject({ kind: 'gap', reason: 'snapshot_unfinished', missed: null });
});

test('with a cursor from behind the snapshot, the snapshot is not taken again', async () => {
  await append(1);
  const snapshot = async (): Promise<Item[]> => [{ n: 10 }];
  const cursor = lastCursor(await take(stream.subscribe({ snapshot }), 2));
  await append(2);
  expect(numbers(await take(stream.subscribe({ after: cursor, snapshot }), 1))).toEqual([2]);
});

test('heartbeats move the cursor past what the filter held back', async () => {
  const options = { filter: (item: Item) => item.n > 100, filterKey: 'n>100' };
  const quick = open({ heartbeatMs: 50 });
  const events = quick.subscribe(options);
  await take(events, 1);
  await append(1, 2, 3);
  const beat = await eventually(async () => {
    const [item] = await take(events, 1);
    const rest = await stream.read({ after: item?.cursor, first: 10, filterKey: 'n>100' });
    expect(rest.events).toEqual([]);
    return item;
  });
  expect(beat?.kind).toBe('heartbeat');
  await append(101);
  expect(numbers(await take(open().subscribe({ ...options, after: beat?.cursor }), 1))).toEqual([101]);
  await quick.close();
});

test('a cursor under another filter, of another stream, or made up is refused', async () => {
  const cursor = lastCursor(await take(stream.subscribe({ filterKey: 'a' }), 1));
  expect(() => stream.subscribe({ after: cursor, filterKey: 'b' })).toThrow(
    expect.objectContaining({ code: 'CURSOR_FILTER_MISMATCH' }),
  );
  expect(() => open({ name: 'decisions' }).subscribe({ after: cursor, filterKey: 'a' })).toThrow(
    expect.objectContaining({ code: 'CURSOR_INVALID' }),
  );
  await expect(stream.read({ after: 'made-up', first: 1 })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
});

test('what retention removed is announced with its count, to readers at rest and to those who come back', async () => {
  const begin = lastCursor(await take(stream.subscribe(), 1));
  await append(1, 2, 3);
  const slow = stream.subscribe({ after: begin });
  const [first] = await take(slow, 1);
  await sql`update stream_event set at = now() - interval '1 day'`.execute(database.kysely);
  await append(4);
  expect(await cutEvents(database.kysely, 'violations', new Date(Date.now() - 60_000))).toBe(3);

  const returning = await take(stream.subscribe({ after: begin }), 2);
  expect(returning[0]).toMatchObject({ kind: 'gap', reason: 'retention', missed: 3, fromCursor: begin });
  expect(numbers(returning)).toEqual([4]);
  const afterFirst = await take(stream.subscribe({ after: first?.cursor }), 2);
  expect(afterFirst[0]).toMatchObject({ kind: 'gap', missed: 2 });
  await expect(stream.read({ after: begin, first: 10 })).rejects.toMatchObject({
    code: 'CURSOR_EXPIRED',
    extensions: { earliest: returning[0]?.cursor },
  });
  // The gap's own cursor, and the slow reader's buffered page, lead on without another gap.
  expect(numbers(await take(stream.subscribe({ after: returning[0]?.cursor }), 1))).toEqual([4]);
  expect(numbers(await take(slow, 3))).toEqual([2, 3, 4]);
});

test('a stream emptied by retention counts on and tells nobody of a gap who had seen all', async () => {
  await append(1, 2);
  const all = await take(stream.subscribe(), 1);
  expect(await cutEvents(database.kysely, 'violations', new Date(Date.now() + 60_000))).toBe(2);
  const events = stream.subscribe({ after: lastCursor(all) });
  expect(await append(3)).toBe(3n);
  expect(numbers(await take(events, 1))).toEqual([3]);
});

test('a database that went back in time is announced, and the shared past is not repeated', async () => {
  await append(1, 2);
  const sharedPast = lastCursor(await take(stream.subscribe(), 1));
  await append(3, 4);
  const lost = lastCursor(await take(stream.subscribe(), 1));
  const live = stream.subscribe({ after: lost });
  const waiting = take(live, 2);
  // As a restore to before 3 and 4 would leave it, seen by the next append.
  await sql`delete from stream_event where seq > 2`.execute(database.kysely);
  await sql`update stream_head set history = 'the cluster that it was copied from'`.execute(database.kysely);
  await append(33, 44, 55);

  for (const items of [await take(stream.subscribe({ after: lost }), 4), await waiting]) {
    expect(items[0]).toMatchObject({ kind: 'gap', reason: 'reset', missed: null, fromCursor: lost });
    expect(numbers(items)).toEqual([33, 44, 55].slice(0, items.length - 1));
  }
  expect(numbers(await take(stream.subscribe({ after: sharedPast }), 3))).toEqual([33, 44, 55]);
});

test('pages read with the same cursors, from the oldest event on', async () => {
  await append(1, 2, 3, 4, 5);
  const first = await stream.read({ first: 2 });
  expect(first).toMatchObject({ hasMore: true, events: [{ value: { n: 1 } }, { value: { n: 2 } }] });
  const rest = await stream.read({ after: first.endCursor, first: 10 });
  expect(rest.events.map(({ value }) => value.n)).toEqual([3, 4, 5]);
  expect(rest.hasMore).toBe(false);
  expect(await stream.cursorAt(5n)).toBe(rest.endCursor);
  expect(numbers(await take(stream.subscribe({ after: await stream.cursorAt(3n) }), 2))).toEqual([4, 5]);
  await expect(stream.cursorAt(6n)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
});

test('a listening connection that breaks costs no event', async () => {
  const events = stream.subscribe();
  await take(events, 1);
  const coming = take(events, 40);
  for (let n = 0; n < 40; n += 1) {
    await append(n);
    if (n % 10 === 5) {
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'spine-listen'`.execute(database.kysely);
    }
  }
  expect(numbers(await coming)).toEqual(Array.from({ length: 40 }, (_, n) => n));
});

test('appending outside read committed is refused', async () => {
  const serializable = database.kysely
    .transaction()
    .setIsolationLevel('serializable')
    .execute((trx) => appendEvents(trx, 'violations', [{ n: 1 }]));
  await expect(serializable).rejects.toThrow('needs a read committed transaction');
});

test('a hundred readers at the head cost about one query an event', async () => {
  const readers = Array.from({ length: 100 }, () => stream.subscribe());
  await Promise.all(readers.map((reader) => take(reader, 1)));
  const coming = Promise.all(readers.map((reader) => take(reader, 5)));
  const before = await queriesSoFar();
  for (let n = 0; n < 5; n += 1) {
    await append(n);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const items of await coming) expect(numbers(items)).toEqual([0, 1, 2, 3, 4]);
  expect((await queriesSoFar()) - before).toBeLessThan(100);
});

async function queriesSoFar(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(database.kysely);
  const { rows } = await sql<{ n: number }>`
    select idx_scan::int as n from pg_stat_user_tables where relname = 'stream_event'`.execute(
    database.kysely,
  );
  return rows[0]?.n ?? 0;
}

test('closing the stream ends its subscriptions, an abort ends one', async () => {
  const stop = new AbortController();
  const aborted = stream.subscribe({ signal: stop.signal });
  const other = stream.subscribe();
  await take(aborted, 1);
  await take(other, 1);
  const [first, second] = [aborted.next(), other.next()];
  stop.abort();
  expect(await first).toMatchObject({ done: true });
  await stream.close();
  expect(await second).toMatchObject({ done: true });
});
