import { parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import type { Tracing } from '@spine/platform/tracing/create-tracing';
import { recordTraces } from '@spine/testkit/record-traces';
import { describe, expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import type { DeadLetter, DeadLetterLimits } from '../domain/dead-letter.ts';
import type { Relation } from '../domain/relation.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { admitTables } from './admit-tables.ts';
import { createBatchDelivery } from './deliver-batch.ts';
import { memoryContext } from './memory-context.ts';
import {
  memoryClock,
  memoryFeed,
  memoryLeaves,
  memorySession,
  tableNamed,
  transactionAt,
} from './memory-route.ts';
import { createParking } from './park-changes.ts';
import { createTableBook } from './table-book.ts';

const start = parseLsn('0/1');
const orders = tableNamed('orders');
const customers = tableNamed('customers');
const insert = (relation: Relation, id = 1, note = ''): Change => ({
  kind: 'insert',
  relation,
  after: aTuple(int8(id), Buffer.from(note)),
});
const isBad = (change: Change): boolean => change.kind === 'insert' && change.after.includes('bad');
const identity = {
  systemId: '1',
  timeline: 1,
  database: 'shop',
  serverVersion: 180_000,
  flushPosition: start,
};
const policy = (rules: readonly object[]) =>
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
    residency: { rules, exceptions: [] },
  });
const allowAll = policy([{ id: 'all', effect: 'allow', match: {}, rationale: 'test' }]);
const denyCustomers = policy([
  { id: 'all', effect: 'allow', match: {}, rationale: 'test' },
  { id: 'no', effect: 'deny', match: { dataset: ['shop.public.customers'] }, rationale: 'test' },
]);

/** A route of both tables, admitted under the first policy, with every neighbour in memory. */
async function route(options: {
  readonly answers?: ('recorded' | 'stale')[];
  readonly refusal?: (change: Change) => string | null;
  readonly limits?: Partial<DeadLetterLimits>;
  readonly later?: typeof allowAll;
  /** What holds once the feed was asked to look again. */
  readonly refreshed?: typeof allowAll;
  readonly registry?: (subject: string) => boolean;
  readonly tracing?: Tracing;
  readonly leafFirst?: boolean;
}) {
  const log: string[] = [];
  const { session: made, committed, advanced } = memorySession(log, options.refusal);
  const session = { ...made, leafFirst: options.leafFirst ?? false };
  const { queue, leaves } = memoryLeaves(log, options.answers);
  const clock = memoryClock();
  const {
    context: own,
    tables,
    letters,
  } = memoryContext({
    clock,
    leaves: queue,
    policyFeed: memoryFeed(allowAll),
  });
  const context = {
    ...own,
    tracing: options.tracing ?? own.tracing,
    deadLetterLimits: { ...own.deadLetterLimits, ...options.limits },
    deadLetters: {
      ...own.deadLetters,
      async park(parked: readonly DeadLetter[]) {
        log.push('park');
        await own.deadLetters.park(parked);
      },
    },
  };
  const current = await context.policyFeed.current(context.signal, () => undefined);
  const admission = await admitTables(
    context,
    identity,
    current,
    [orders, customers].map((relation) => ({ relation, estimatedRows: 0 })),
  );
  log.length = 0;
  leaves.length = 0;
  const running = { ...context, policyFeed: feedOf(options) };
  const book = createTableBook(running, admission, new Map(), session);
  const parking = await createParking(running, book.startOf);
  const deliver = createBatchDelivery(running, session, identity, book, parking);
  return { log, leaves, committed, advanced, deliver, tables, letters, running, book, parking };
}

/** The feed once the tables are admitted. */
function feedOf(options: { readonly later?: typeof allowAll; readonly refreshed?: typeof allowAll }) {
  const feed = options.later === undefined ? memoryFeed(allowAll) : memoryFeed(options.later, 'matrix-2');
  if (options.refreshed === undefined) return feed;
  const latest = memoryFeed(options.refreshed, 'matrix-2');
  let asked = false;
  return {
    ...feed,
    current: (...args: Parameters<typeof feed.current>) => (asked ? latest : feed).current(...args),
    async refresh() {
      asked = true;
    },
  };
}

describe('one batch', () => {
  test('is one trace, in which bind, gate, deliver and checkpoint are pieces of the batch', async () => {
    const { tracing: make, spans } = recordTraces();
    const tracing = make('cdc-worker');
    await tracing.ready;
    const { deliver } = await route({ tracing });
    await deliver(start, [transactionAt(10, insert(orders))]);
    await tracing.close();
    const batch = spans.find(({ name }) => name === 'cdc.batch');
    expect(batch).toMatchObject({ parent: undefined });
    const pieces = spans.filter(({ parent }) => parent === batch?.id).map(({ name }) => name);
    expect(pieces.sort()).toEqual(['cdc.bind', 'cdc.checkpoint', 'cdc.deliver', 'cdc.gate']);
  });

  test('is committed only after its leaf is recorded, and applied meanwhile', async () => {
    const { deliver, log, committed, leaves } = await route({});
    await deliver(start, [transactionAt(10, insert(orders)), transactionAt(20, insert(customers))]);
    expect(log.at(-1)).toBe('commit');
    expect(log.indexOf('leaf')).toBeLessThan(log.indexOf('commit'));
    expect(committed).toHaveLength(1);
    expect(committed[0]?.changeCount).toBe(2);
    expect(
      leaves[0]?.decisions.map((decision) => [decision.subject, decision.verdict, decision.rows]),
    ).toEqual([
      ['shop.public.orders', 'allow', 1],
      ['shop.public.customers', 'allow', 1],
    ]);
  });

  test('whose matrix moved on is taken back and decided anew', async () => {
    const { deliver, log, committed } = await route({ answers: ['recorded', 'stale'] });
    await deliver(start, [transactionAt(10, insert(orders))]);
    expect(log.filter((step) => step !== 'leaf')).toEqual(['apply', 'rollback', 'apply', 'commit']);
    expect(committed).toHaveLength(1);
  });

  test('of a table that policy denies meanwhile delivers the others and counts what it withholds', async () => {
    const { deliver, committed, leaves, tables } = await route({ later: denyCustomers });
    await deliver(start, [transactionAt(10, insert(orders), insert(customers), insert(customers))]);
    expect(committed[0]?.tables.map((table) => table.table.relation.table)).toEqual(['orders']);
    expect(committed[0]?.changeCount).toBe(1);
    expect(leaves.at(-1)?.decisions).toContainEqual(
      expect.objectContaining({
        subject: 'shop.public.customers',
        verdict: 'deny',
        rows: 0,
        rowsWithheld: 2,
      }),
    );
    expect(tables.get('public.customers')?.state).toBe('cut_off');
  });

  test('with nothing to deliver still moves the checkpoint, after its leaf', async () => {
    const { deliver, log, advanced } = await route({ later: denyCustomers });
    await deliver(start, [transactionAt(10, insert(customers))]);
    expect(log).toEqual(['leaf', 'advance']);
    expect(advanced).toEqual([10n]);
  });

  test('in a shape that the sink refuses stops its table and delivers the others', async () => {
    const { deliver, committed, tables, letters } = await route({
      refusal: ({ relation }) => (relation === customers ? '42703' : null),
    });
    await deliver(start, [transactionAt(10, insert(orders), insert(customers))]);
    expect(committed.map((batch) => batch.tables.map((table) => table.table.relation.table))).toEqual([
      ['orders'],
    ]);
    expect(tables.get('public.customers')).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('42703'),
    });
    expect(letters).toEqual([]);
  });

  test('with a row that the sink refuses sets it aside with what follows on its key, before the commit', async () => {
    const { deliver, committed, tables, letters, log } = await route({
      refusal: (change) => (isBad(change) ? '23514' : null),
    });
    const poison = insert(orders, 7, 'bad');
    await deliver(start, [
      transactionAt(10, insert(orders, 7), insert(orders, 1)),
      transactionAt(20, insert(customers, 7), poison, insert(orders, 2)),
      transactionAt(30, insert(orders, 7, 'later')),
    ]);
    expect(committed).toHaveLength(1);
    expect(committed[0]?.changeCount).toBe(4);
    expect(letters.map(({ state, commitLsn, ordinal }) => [state, Number(commitLsn), ordinal])).toEqual([
      ['failed', 19, 0],
      ['parked_behind', 29, 0],
    ]);
    expect(letters[0]?.reason).toContain('23514');
    expect(log.lastIndexOf('park')).toBeLessThan(log.indexOf('commit'));
    expect(tables.get('public.orders')?.state).not.toBe('stopped');
  });

  test('leaves what comes later on a parked key waiting, too, and lets the other keys go', async () => {
    const { deliver, committed, letters } = await route({
      refusal: (change) => (isBad(change) ? '22003' : null),
    });
    await deliver(start, [transactionAt(10, insert(orders, 7, 'bad'))]);
    await deliver(parseLsn('0/A'), [transactionAt(20, insert(orders, 7), insert(orders, 8))]);
    expect(committed.at(-1)?.tables[0]?.changes).toEqual([insert(orders, 8)]);
    expect(letters.map(({ state }) => state)).toEqual(['failed', 'parked_behind']);
  });

  test('in which more is refused than may be set aside stops the table', async () => {
    const refusal = (change: Change) => (isBad(change) ? '23514' : null);
    const bad = [1, 2, 3].map((id) => insert(orders, id, 'bad'));
    for (const limits of [{ keysPerBatch: 2 }, { stopAt: 2 }]) {
      const { deliver, tables, letters, advanced } = await route({ refusal, limits });
      await deliver(start, [transactionAt(10, ...bad)]);
      expect(tables.get('public.orders')).toMatchObject({ state: 'stopped' });
      expect(letters).toEqual([]);
      expect(advanced).toEqual([10n]);
    }
  });

  test('that is formed again after a crash sets the same changes aside, whatever the sink says by now', async () => {
    let mended = false;
    const { deliver, committed, letters, running, book } = await route({
      refusal: (change) => (isBad(change) && !mended ? '23514' : null),
    });
    const batch = [
      transactionAt(10, insert(orders, 7), insert(orders, 7, 'bad')),
      transactionAt(20, insert(orders, 7, 'later'), insert(orders, 8)),
    ];
    await deliver(start, batch);
    const before = [...letters];
    mended = true;
    const restarted = await createParking(running, book.startOf);
    const again = await restarted.sort(committed[0]?.tables ?? [], batch, new Map());
    expect(again.flowing).toEqual(committed[0]?.tables);
    await deliver(start, batch);
    expect(letters).toEqual(before);
    expect(committed[1]?.tables).toEqual(committed[0]?.tables);
  });

  test('of a table that policy denies meanwhile keeps nothing of what was set aside', async () => {
    const { deliver, letters, log, parking } = await route({
      answers: ['recorded', 'recorded', 'stale'],
      refusal: (change) => (isBad(change) ? '23514' : null),
      refreshed: denyCustomers,
    });
    await deliver(start, [transactionAt(10, insert(customers, 7, 'bad'))]);
    expect(log).toContain('park');
    expect(letters).toEqual([]);
    expect(parking.holds(customers)).toBe(false);
  });

  test('of a table that was copied in full meanwhile finds its earlier dead letters ended, and no key locked', async () => {
    const { deliver, letters, running, book } = await route({
      refusal: (change) => (isBad(change) ? '23514' : null),
    });
    await deliver(start, [transactionAt(10, insert(orders, 7, 'bad'), insert(customers, 7, 'bad'))]);
    await deliver(parseLsn('0/A'), [transactionAt(20, insert(orders, 7))]);
    const copied = await createParking(running, (table) =>
      table.table === 'orders' ? parseLsn('0/B') : book.startOf(table),
    );
    expect(letters.map(({ relation, commitLsn }) => [relation.table, Number(commitLsn)])).toEqual([
      ['customers', 9],
      ['orders', 19],
    ]);
    expect(copied.holds(customers)).toBe(true);
    await createParking(running, () => null);
    expect(letters).toEqual([]);
  });

  test('that truncates a table ends the dead letters of what is thrown away', async () => {
    const { deliver, letters, committed } = await route({
      refusal: (change) => (isBad(change) ? '23514' : null),
    });
    await deliver(start, [transactionAt(10, insert(orders, 7, 'bad'))]);
    const after = insert(orders, 7);
    await deliver(parseLsn('0/A'), [
      transactionAt(20, { kind: 'truncate', relation: orders, cascade: false }, after),
    ]);
    expect(letters).toEqual([]);
    expect(committed.at(-1)?.tables[0]?.changes).toContain(after);
  });

  test('to a sink that cannot withhold it waits for its leaf, and for the matrix', async () => {
    const { deliver, log, committed } = await route({ leafFirst: true, answers: ['recorded', 'stale'] });
    await deliver(start, [transactionAt(10, insert(orders))]);
    expect(log).toEqual(['leaf', 'leaf', 'apply', 'commit']);
    expect(committed).toHaveLength(1);
  });

  test('that cannot be recorded delivers nothing', async () => {
    const { deliver, committed, leaves } = await route({});
    leaves.push = () => {
      throw new Problem('FORBIDDEN', 'not your ledger');
    };
    await expect(deliver(start, [transactionAt(10, insert(orders))])).rejects.toThrow('not your ledger');
    expect(committed).toEqual([]);
  });
});
