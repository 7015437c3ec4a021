import { parseLsn } from '@spine/kernel/lsn';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import type { DeliveredTable } from '../domain/delivery.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { FencedOut, type SinkSession } from './sink.ts';
import { aBatch, createSinkPair, deliverAll, inserts, type SinkPair } from './sink-pair-suite.ts';

const text = (value: string) => Buffer.from(value);
const row = (id: number, status: string | null, body: string | 'unchanged') =>
  aTuple(int8(id), status === null ? null : text(status), body === 'unchanged' ? 'unchanged' : text(body));
const keyImage = (id: number) => aTuple(int8(id), null, null);

async function withOrders(): Promise<{ pair: SinkPair; session: SinkSession; orders: DeliveredTable }> {
  const pair = await createSinkPair();
  await pair.atSource('create table orders (id bigint primary key, status text, body text)');
  const orders = await pair.table('orders');
  const session = await pair.open();
  await session.prepareTable(orders);
  return { pair, session, orders };
}

const rowsAtSink = (pair: SinkPair) =>
  pair.atSink<{ id: string; status: string; body: string }>('select * from orders order by id');

function changesOf({ relation }: DeliveredTable) {
  return {
    insert: (after: Buffer): Change => ({ kind: 'insert', relation, after }),
    update: (after: Buffer): Change => ({ kind: 'update', relation, after, before: null, beforeKind: null }),
    move: (before: Buffer, after: Buffer): Change => ({
      kind: 'update',
      relation,
      after,
      before,
      beforeKind: 'K',
    }),
    remove: (before: Buffer): Change => ({ kind: 'delete', relation, before, beforeKind: 'K' }),
    truncate: (): Change => ({ kind: 'truncate', relation, cascade: false }),
  };
}

test('a batch changes the rows and moves the checkpoint in one transaction', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const { insert, update, remove } = changesOf(orders);
  const first = [insert(row(1, 'new', 'a')), insert(row(2, null, 'b')), insert(row(3, 'new', 'c'))];
  const delivery = await session.deliver(aBatch('0/10', { table: orders, changes: first }));
  expect(await rowsAtSink(pair)).toEqual([]);
  await delivery.commit();
  await deliverAll(
    session,
    aBatch('0/20', { table: orders, changes: [update(row(1, 'paid', 'unchanged')), remove(keyImage(3))] }),
  );
  expect(await rowsAtSink(pair)).toEqual([
    { id: '1', status: 'paid', body: 'a' },
    { id: '2', status: null, body: 'b' },
  ]);
  expect(await pair.atSink('select lsn::text, changes::int from _spine.checkpoint')).toEqual([
    { lsn: '0/20', changes: 5 },
  ]);
});

test('what is rolled back has changed nothing, and the session goes on', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const changes = inserts(orders.relation, [row(1, 'new', 'a')]);
  const delivery = await session.deliver(aBatch('0/10', { table: orders, changes }));
  await delivery.rollback();
  expect(await rowsAtSink(pair)).toEqual([]);
  await deliverAll(session, aBatch('0/10', { table: orders, changes }));
  expect(await rowsAtSink(pair)).toHaveLength(1);
});

test('keys that move, also with values that were not sent, keep their rows', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const { insert, move, remove, update } = changesOf(orders);
  await deliverAll(
    session,
    aBatch('0/10', { table: orders, changes: [insert(row(1, 'x', 'one')), insert(row(2, 'y', 'two'))] }),
  );
  // 1 and 2 change places by way of 9; their bodies are never sent.
  const changes = [
    move(keyImage(1), row(9, 'x', 'unchanged')),
    move(keyImage(2), row(1, 'y', 'unchanged')),
    move(keyImage(9), row(2, 'z', 'unchanged')),
    insert(row(5, 'q', 'five')),
    update(row(5, 'r', 'unchanged')),
    remove(keyImage(7)),
  ];
  await deliverAll(session, aBatch('0/20', { table: orders, changes }));
  expect(await rowsAtSink(pair)).toEqual([
    { id: '1', status: 'y', body: 'two' },
    { id: '2', status: 'z', body: 'one' },
    { id: '5', status: 'r', body: 'five' },
  ]);
});

test('a truncate empties the table before what comes after it', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const { insert, truncate } = changesOf(orders);
  await deliverAll(session, aBatch('0/10', { table: orders, changes: [insert(row(1, 'x', 'one'))] }));
  const changes = [insert(row(2, 'y', 'two')), truncate(), insert(row(3, 'z', 'three'))];
  await deliverAll(session, aBatch('0/20', { table: orders, changes }));
  expect(await rowsAtSink(pair)).toEqual([{ id: '3', status: 'z', body: 'three' }]);
});

test('more rows than one statement takes arrive all', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const tuples = Array.from({ length: 9_001 }, (__, id) => row(id, `s${id % 7}`, 'x'.repeat(id % 90)));
  await deliverAll(session, aBatch('0/10', { table: orders, changes: inserts(orders.relation, tuples) }));
  const [sums] = await pair.atSink(
    'select count(*)::int, sum(id)::int, sum(length(body))::int as body from orders',
  );
  const body = Array.from({ length: 9_001 }, (__, id) => id % 90).reduce((sum, length) => sum + length, 0);
  expect(sums).toEqual({ count: 9_001, sum: (9_000 * 9_001) / 2, body });
});

test('a composite key, a table of nothing but a key, and a table without one', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(`
    create table pairs (a text, b int, v text, primary key (b, a));
    create table marks (id bigint primary key);
    create table history (at int, what text)`);
  const pairs = await pair.table('pairs');
  const marks = await pair.table('marks');
  const history = await pair.table('history');
  const session = await pair.open();
  for (const table of [pairs, marks, history]) await session.prepareTable(table);
  const int4 = (value: number) => Buffer.from([0, 0, 0, value]);
  const line = aTuple(int4(1), text('same'));
  await deliverAll(
    session,
    aBatch(
      '0/10',
      {
        table: pairs,
        changes: [
          ...inserts(pairs.relation, [
            aTuple(text('x'), int4(1), text('v')),
            aTuple(text('x'), int4(2), text('w')),
          ]),
          {
            kind: 'delete',
            relation: pairs.relation,
            before: aTuple(text('x'), int4(1), null),
            beforeKind: 'K',
          },
        ],
      },
      { table: marks, changes: inserts(marks.relation, [aTuple(int8(4)), aTuple(int8(5))]) },
      { table: history, changes: inserts(history.relation, [line, line]) },
    ),
  );
  await deliverAll(
    session,
    aBatch('0/11', { table: marks, changes: inserts(marks.relation, [aTuple(int8(4))]) }),
  );
  expect(await pair.atSink('select * from pairs')).toEqual([{ a: 'x', b: 2, v: 'w' }]);
  expect(await pair.atSink('select id::int from marks order by id')).toEqual([{ id: 4 }, { id: 5 }]);
  expect(await pair.atSink('select * from history')).toEqual([
    { at: 1, what: 'same' },
    { at: 1, what: 'same' },
  ]);
});

test('rows that the sink refuses roll the batch back; the session can be used on', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  await pair.atSink(`alter table orders add constraint no_bad check (status <> 'bad')`);
  const bad = inserts(orders.relation, [row(1, 'good', 'a'), row(2, 'bad', 'b')]);
  await expect(session.deliver(aBatch('0/10', { table: orders, changes: bad }))).rejects.toMatchObject({
    code: '23514',
  });
  await deliverAll(session, aBatch('0/10', { table: orders, changes: bad.slice(0, 1) }));
  expect(await rowsAtSink(pair)).toHaveLength(1);
});

test('a batch that is not ahead of the checkpoint is refused whole', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const { insert } = changesOf(orders);
  await deliverAll(session, aBatch('0/10', { table: orders, changes: [insert(row(1, 'x', 'one'))] }));
  for (const end of ['0/10', '0/9']) {
    const again = aBatch(end, { table: orders, changes: [insert(row(2, 'y', 'two'))] });
    await expect(session.deliver(again)).rejects.toBeInstanceOf(FencedOut);
  }
  expect(await rowsAtSink(pair)).toHaveLength(1);
  expect(await pair.atSink('select changes::int from _spine.checkpoint')).toEqual([{ changes: 1 }]);
});

test('a leader that is frozen before its apply changes no row once its epoch was raised', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const { insert, truncate } = changesOf(orders);
  await deliverAll(session, aBatch('0/10', { table: orders, changes: [insert(row(1, 'x', 'one'))] }));
  // Whoever raises the epoch holds the checkpoint's row: the frozen leader's fence waits for it and then finds another epoch.
  const other = new pg.Client({ connectionString: pair.sinkUrl });
  await other.connect();
  await other.query('begin; update _spine.checkpoint set epoch = epoch + 1');
  const frozen = session.deliver(
    aBatch('0/20', { table: orders, changes: [truncate(), insert(row(2, 'y', 'two'))] }),
  );
  const outcome = expect(frozen).rejects.toBeInstanceOf(FencedOut);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await other.query('commit');
  await outcome;
  await other.end();
  expect(await rowsAtSink(pair)).toEqual([{ id: '1', status: 'x', body: 'one' }]);
});

test('a worker killed between apply and commit leaves nothing; the next delivers the batch once', async () => {
  const { pair, session, orders } = await withOrders();
  await using _ = pair;
  const { insert } = changesOf(orders);
  const batch = aBatch('0/10', { table: orders, changes: [insert(row(1, 'x', 'one'))] });
  const delivery = await session.deliver(batch);
  await pair.atSink(`select pg_terminate_backend(pid) from pg_stat_activity
                     where datname = current_database() and application_name = 'spine test'`);
  await expect(delivery.commit()).rejects.toThrow();
  expect(await rowsAtSink(pair)).toEqual([]);
  const next = await pair.open();
  expect(next.checkpoint?.lsn).toBe(parseLsn('0/1'));
  await next.prepareTable(orders);
  await deliverAll(next, batch);
  expect(await rowsAtSink(pair)).toHaveLength(1);
  expect(await pair.atSink('select changes::int from _spine.checkpoint')).toEqual([{ changes: 1 }]);
});
