import { randomUUID } from 'node:crypto';
import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import type { DeadLetterBox } from '../domain/dead-letter-box.ts';
import type { Relation } from '../domain/relation.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { createSinkPair, type SinkPair } from '../sink/sink-pair-suite.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { deadLetterBox } from '../store/dead-letters.ts';
import { cdcMigrations } from '../store/migrations.ts';
import { askReplay, findReplay } from '../store/replays.ts';
import { putRoute, removeRoute } from '../store/routes.ts';
import { admitTables } from './admit-tables.ts';
import { createBatchDelivery } from './deliver-batch.ts';
import { memoryContext } from './memory-context.ts';
import { memoryClock, memoryFeed, memoryLeaves, transactionAt } from './memory-route.ts';
import { createParking } from './park-changes.ts';
import { watchReplays } from './replay-letters.ts';
import { createTableBook } from './table-book.ts';

// A real sink that refuses rows, and a real store that keeps what it refused.

const name = 'shop-to-warehouse';
const identity = {
  systemId: '1',
  timeline: 1,
  database: 'shop',
  serverVersion: 180_000,
  flushPosition: parseLsn('0/1'),
};
const policyOf = (effect: 'allow' | 'deny') =>
  compilePolicy({
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
    residency: {
      rules: [{ id: 'all', effect, match: {}, rationale: 'test' }],
      exceptions: [],
    },
  });

let pg: TestDatabase;
let database: Database<CdcTables>;
beforeAll(async () => {
  pg = await createTestDatabase();
  database = createDatabase<CdcTables>({ url: pg.url, schema: 'cdc', log: createRecordingLog() });
  await migrate(database, cdcMigrations);
});
afterAll(async () => {
  await database?.close();
  await pg?.drop();
});
beforeEach(async () => {
  await removeRoute(database.kysely, name);
  await putRoute(database.kysely, {
    name,
    source: 'shop',
    sink: 'warehouse',
    tables: ['public.*'],
    owner: 'a',
    obligationKey: null,
  });
});

const at = (position: number): Lsn => parseLsn(`0/${position.toString(16)}`);
const lettersInStore = () =>
  database.kysely
    .selectFrom('dead_letter')
    .select(['table_name', 'commit_lsn', 'ordinal', 'state', 'reason', 'keys', 'resolution'])
    .orderBy('commit_lsn')
    .orderBy('ordinal')
    .execute();
const put = (relation: Relation, id: number, amount: number): Change => ({
  kind: 'insert',
  relation,
  after: aTuple(int8(id), int8(amount)),
});

/** A started route whose tables are made at the source by `tables`. */
async function route(pair: SinkPair, tables: readonly string[], parked?: Partial<DeadLetterBox>) {
  for (const table of tables) {
    await pair.atSource(`create table if not exists ${table} (id bigint primary key, amount bigint)`);
  }
  const session = await pair.open(name, 5_000);
  const relations = await Promise.all(tables.map(async (table) => (await pair.table(table)).relation));
  const { queue, leaves } = memoryLeaves([]);
  let feed = memoryFeed(policyOf('allow'));
  const { context: made, tables: states } = memoryContext({
    clock: memoryClock(),
    leaves: queue,
    policyFeed: {
      current: (...args) => feed.current(...args),
      refresh: async () => undefined,
      close: async () => undefined,
    },
  });
  const context = { ...made, deadLetters: { ...deadLetterBox(database.kysely, name), ...parked } };
  const current = await context.policyFeed.current(context.signal, () => undefined);
  const facts = relations.map((relation) => ({ relation, estimatedRows: 0 }));
  const admission = await admitTables(context, identity, current, facts);
  for (const { delivered } of admission.open) if (delivered !== null) await session.prepareTable(delivered);
  const book = createTableBook(context, admission, new Map(), session);
  const parking = await createParking(context, book.startOf);
  const deliver = createBatchDelivery(context, session, identity, book, parking);
  const replays = watchReplays({ context, session, identity, book, parking });
  leaves.length = 0;
  return {
    deliver,
    relations,
    states,
    session,
    leaves,
    /** Between two batches, when it is time to look. */
    async replay(checkpoint: Lsn) {
      await context.clock.sleep(1_000);
      await replays.look(checkpoint);
    },
    deny() {
      feed = memoryFeed(policyOf('deny'), 'matrix-2');
    },
  };
}

/** Leaves a replay for the worker, as the use case does. */
async function ask(dryRun = false): Promise<() => Promise<unknown>> {
  const { id } = await database.kysely
    .insertInto('route_operation')
    .values({
      route: name,
      kind: 'replay',
      tables: '[]',
      reason: null,
      principal: 'ann',
      idempotency_key: randomUUID(),
      request_digest: '',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await askReplay(database.kysely, { operation: id, route: name, tables: [], dryRun, by: 'ann' });
  return async () => (await findReplay(database.kysely, id))?.outcome;
}

const sums = async (pair: SinkPair, table: string) =>
  (await pair.atSink(`select count(*)::int as rows, sum(amount)::int as amount from ${table}`))[0];

test('one poison row among thousands is set aside, and everything else flows', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations, states } = await route(pair, ['orders']);
  const [orders] = relations;
  if (orders === undefined) throw new Error('there is a table');
  await pair.atSink('alter table orders add constraint positive check (amount > 0)');
  const good = Array.from({ length: 5_000 }, (_, index) => put(orders, index + 10, 1));
  const poison = put(orders, 1, -1);
  await deliver(at(1), [transactionAt(16, ...good.slice(0, 2_000), poison, ...good.slice(2_000))]);
  await deliver(at(16), [transactionAt(32, put(orders, 1, 5), put(orders, 2, 5))]);

  expect(await sums(pair, 'orders')).toEqual({ rows: 5_001, amount: 5_005 });
  expect(await pair.atSink('select lsn::text, changes::int from _spine.checkpoint')).toEqual([
    { lsn: '0/20', changes: 5_001 },
  ]);
  expect(await lettersInStore()).toMatchObject([
    { commit_lsn: '0/F', ordinal: 2_000, state: 'failed', reason: expect.stringContaining('23514') },
    { commit_lsn: '0/1F', ordinal: 0, state: 'parked_behind' },
  ]);
  expect(states.get('public.orders')?.state).not.toBe('stopped');
});

test('a value that the sink cannot hold is set aside like one that it forbids', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations } = await route(pair, ['orders']);
  const [orders] = relations;
  if (orders === undefined) throw new Error('there is a table');
  await pair.atSink('alter table orders alter column amount type int');
  await deliver(at(1), [transactionAt(16, put(orders, 1, 2 ** 40), put(orders, 2, 5))]);
  expect(await sums(pair, 'orders')).toEqual({ rows: 1, amount: 5 });
  expect(await lettersInStore()).toMatchObject([{ reason: expect.stringContaining('22003') }]);
});

test('a row whose parent was set aside is set aside too, and others of its table flow', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations } = await route(pair, ['customers', 'orders']);
  const [customers, orders] = relations;
  if (customers === undefined || orders === undefined) throw new Error('there are tables');
  await pair.atSink('alter table customers add constraint positive check (amount > 0)');
  await pair.atSink('alter table orders add foreign key (amount) references customers (id)');
  await deliver(at(1), [
    transactionAt(16, put(customers, 1, -1), put(customers, 2, 1), put(orders, 1, 1), put(orders, 2, 2)),
  ]);
  expect(await sums(pair, 'customers')).toEqual({ rows: 1, amount: 1 });
  expect(await sums(pair, 'orders')).toEqual({ rows: 1, amount: 2 });
  expect(await lettersInStore()).toMatchObject([
    { table_name: 'customers', reason: expect.stringContaining('23514') },
    { table_name: 'orders', reason: expect.stringContaining('23503') },
  ]);
});

test('a constraint that is checked at the commit only is found before it', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations } = await route(pair, ['customers', 'orders']);
  const [, orders] = relations;
  if (orders === undefined) throw new Error('there are tables');
  await pair.atSink(
    'alter table orders add foreign key (amount) references customers (id) deferrable initially deferred',
  );
  await deliver(at(1), [transactionAt(16, put(orders, 1, 1), put(orders, 2, 2))]);
  expect(await lettersInStore()).toHaveLength(2);
});

test('a crash between the dead letter and the checkpoint repeats harmlessly', async () => {
  await using pair = await createSinkPair();
  const first = await route(pair, ['orders']);
  const [orders] = first.relations;
  if (orders === undefined) throw new Error('there is a table');
  await first.session.close();
  await pair.atSink('alter table orders add constraint positive check (amount > 0)');
  const batch = [
    transactionAt(16, put(orders, 1, 3), put(orders, 1, -1)),
    transactionAt(32, put(orders, 1, -4), put(orders, 2, 5)),
  ];
  const box = deadLetterBox(database.kysely, name);
  const crashing = await route(pair, ['orders'], {
    async park(letters) {
      await box.park(letters);
      throw new Error('the worker died');
    },
  });
  await expect(crashing.deliver(at(1), batch)).rejects.toThrow('the worker died');
  await crashing.session.close();
  const parked = await lettersInStore();
  expect(parked).toHaveLength(2);
  expect(await pair.atSink('select lsn::text from _spine.checkpoint')).toEqual([{ lsn: '0/1' }]);

  const again = await route(pair, ['orders']);
  await again.deliver(at(1), batch);
  expect(await lettersInStore()).toEqual(parked);
  expect(await pair.atSink('select id::int, amount::int from orders order by id')).toEqual([
    { id: 1, amount: 3 },
    { id: 2, amount: 5 },
  ]);
});

test('a sink that goes away is waited for, and nothing is set aside', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations } = await route(pair, ['orders']);
  const [orders] = relations;
  if (orders === undefined) throw new Error('there is a table');
  await pair.atSink(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await expect(deliver(at(1), [transactionAt(16, put(orders, 1, 1))])).rejects.toMatchObject({
    code: 'SINK_UNREACHABLE',
  });
  expect(await lettersInStore()).toEqual([]);
});

const amounts = (pair: SinkPair, table: string) =>
  pair.atSink(`select id::int, amount::int from ${table} order by id`);
const positive = 'add constraint positive check (amount > 0)';

test('a replay after the cause is mended brings the key to where the source is, once, with a decision of its own', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations, replay, leaves } = await route(pair, ['orders']);
  const [orders] = relations;
  if (orders === undefined) throw new Error('there is a table');
  await pair.atSink(`alter table orders ${positive}`);
  await deliver(at(1), [transactionAt(16, put(orders, 1, 3)), transactionAt(32, put(orders, 2, 2))]);
  await deliver(at(32), [transactionAt(48, put(orders, 1, -1))]);
  await deliver(at(48), [transactionAt(64, put(orders, 1, -2), put(orders, 2, 4))]);
  expect(await amounts(pair, 'orders')).toEqual([
    { id: 1, amount: 3 },
    { id: 2, amount: 4 },
  ]);

  const dry = await ask(true);
  await replay(at(64));
  expect(await dry()).toEqual([
    { table: 'public.orders', delivered: 0, refused: 2, reasons: [expect.stringContaining('23514')] },
  ]);
  await pair.atSink('alter table orders drop constraint positive');
  leaves.length = 0;
  const replayed = await ask();
  await replay(at(64));
  expect(await replayed()).toEqual([{ table: 'public.orders', delivered: 2, refused: 0, reasons: [] }]);
  expect(await amounts(pair, 'orders')).toEqual([
    { id: 1, amount: -2 },
    { id: 2, amount: 4 },
  ]);
  expect(leaves).toMatchObject([{ kind: 'replay', decisions: [{ verdict: 'allow', rows: 2 }] }]);
  expect(await lettersInStore()).toMatchObject([
    { state: 'resolved', resolution: 'replayed', keys: [] },
    { state: 'resolved', resolution: 'replayed', keys: [] },
  ]);
  expect(await pair.atSink('select lsn::text, changes::int from _spine.checkpoint')).toEqual([
    { lsn: '0/40', changes: 5 },
  ]);
  expect(await pair.atSink('select from _spine.replayed')).toEqual([]);

  await ask();
  await replay(at(64));
  await deliver(at(64), [transactionAt(80, put(orders, 1, 7))]);
  expect(await amounts(pair, 'orders')).toMatchObject([{ id: 1, amount: 7 }, { id: 2 }]);
});

test('a dry run says what would be delivered, and leaves everything as it is', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations, replay, leaves } = await route(pair, ['orders']);
  const [orders] = relations;
  if (orders === undefined) throw new Error('there is a table');
  await pair.atSink(`alter table orders ${positive}`);
  await deliver(at(1), [transactionAt(16, put(orders, 1, -1))]);
  await pair.atSink('alter table orders drop constraint positive');
  leaves.length = 0;
  const outcome = await ask(true);
  const before = await lettersInStore();
  await replay(at(16));
  expect(await outcome()).toEqual([{ table: 'public.orders', delivered: 1, refused: 0, reasons: [] }]);
  expect(await amounts(pair, 'orders')).toEqual([]);
  expect(await lettersInStore()).toEqual(before);
  expect(leaves).toEqual([]);
});

test('a replay goes in the order of the source, and comes back to what waited for the rows of another table', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations, replay } = await route(pair, ['customers', 'orders']);
  const [customers, orders] = relations;
  if (customers === undefined || orders === undefined) throw new Error('there are tables');
  await pair.atSink(`alter table customers ${positive}`);
  await pair.atSink('alter table orders add foreign key (amount) references customers (id)');
  await deliver(at(1), [transactionAt(16, put(customers, 1, -1), put(orders, 1, 1), put(orders, 2, 1))]);
  await pair.atSink('alter table customers drop constraint positive');
  await pair.atSink('alter table orders add constraint first check (id > 1)');
  const outcome = await ask();
  await replay(at(16));
  expect(await outcome()).toEqual([
    { table: 'public.customers', delivered: 1, refused: 0, reasons: [] },
    { table: 'public.orders', delivered: 1, refused: 1, reasons: [expect.stringContaining('23514')] },
  ]);
  expect(await amounts(pair, 'orders')).toEqual([{ id: 2, amount: 1 }]);
});

test('a crash between a replay at the sink and its end in the store doubles nothing, in a table without a key either', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create table events (id bigint, amount bigint)');
  const first = await route(pair, ['events'], {
    resolve: () => Promise.reject(new Error('the worker died')),
  });
  const [events] = first.relations;
  if (events === undefined) throw new Error('there is a table');
  await pair.atSink(`alter table events ${positive}`);
  await first.deliver(at(1), [transactionAt(16, put(events, 1, -1), put(events, 1, 5), put(events, 1, -1))]);
  expect(await lettersInStore()).toHaveLength(2);
  await pair.atSink('alter table events drop constraint positive');
  const outcome = await ask();
  await expect(first.replay(at(16))).rejects.toThrow('the worker died');
  await first.session.close();
  expect(await sums(pair, 'events')).toEqual({ rows: 3, amount: 3 });

  const again = await route(pair, ['events']);
  await again.replay(at(16));
  expect(await outcome()).toEqual([{ table: 'public.events', delivered: 2, refused: 0, reasons: [] }]);
  expect(await sums(pair, 'events')).toEqual({ rows: 3, amount: 3 });
  expect(await lettersInStore()).toMatchObject([{ resolution: 'replayed' }, { resolution: 'replayed' }]);
});

test('what the checkpoint has not passed is left to its own batch', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations, replay } = await route(pair, ['orders']);
  const [orders] = relations;
  if (orders === undefined) throw new Error('there is a table');
  await pair.atSink(`alter table orders ${positive}`);
  await deliver(at(1), [transactionAt(16, put(orders, 1, -1))]);
  const outcome = await ask();
  await replay(at(1));
  expect(await outcome()).toEqual([]);
  expect(await lettersInStore()).toMatchObject([{ state: 'failed' }]);
});

test('what policy denies by now is not delivered again, and its payload is not kept', async () => {
  await using pair = await createSinkPair();
  const { deliver, relations, replay, deny, states } = await route(pair, ['orders']);
  const [orders] = relations;
  if (orders === undefined) throw new Error('there is a table');
  await pair.atSink(`alter table orders ${positive}`);
  await deliver(at(1), [transactionAt(16, put(orders, 1, -1))]);
  await pair.atSink('alter table orders drop constraint positive');
  deny();
  const outcome = await ask();
  await replay(at(16));
  expect(await outcome()).toEqual([
    { table: 'public.orders', delivered: 0, refused: 1, reasons: [expect.stringContaining('policy denies')] },
  ]);
  expect(states.get('public.orders')?.state).toBe('cut_off');
  expect(await amounts(pair, 'orders')).toEqual([]);
  expect(
    await database.kysely.selectFrom('dead_letter').select(['payload', 'keys', 'resolution']).execute(),
  ).toEqual([{ payload: null, keys: [], resolution: 'superseded' }]);
});
