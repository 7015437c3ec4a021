import { parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import type { Tracing } from '@spine/platform/tracing/create-tracing';
import { recordTraces } from '@spine/testkit/record-traces';
import { describe, expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
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
import { createTableBook } from './table-book.ts';

const start = parseLsn('0/1');
const orders = tableNamed('orders');
const customers = tableNamed('customers');
const insert = (relation: Relation): Change => ({ kind: 'insert', relation, after: Buffer.alloc(2) });
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
  readonly refuse?: ReadonlySet<string>;
  readonly later?: typeof allowAll;
  readonly registry?: (subject: string) => boolean;
  readonly tracing?: Tracing;
}) {
  const log: string[] = [];
  const { session, committed, advanced } = memorySession(log, options.refuse);
  const { queue, leaves } = memoryLeaves(log, options.answers);
  const clock = memoryClock();
  const { context: made, tables } = memoryContext({
    clock,
    leaves: queue,
    policyFeed: memoryFeed(allowAll),
  });
  const context = { ...made, tracing: options.tracing ?? made.tracing };
  const current = await context.policyFeed.current(context.signal, () => undefined);
  const admission = await admitTables(
    context,
    identity,
    current,
    [orders, customers].map((relation) => ({ relation, estimatedRows: 0 })),
  );
  log.length = 0;
  leaves.length = 0;
  const running =
    options.later === undefined ? context : { ...context, policyFeed: memoryFeed(options.later, 'matrix-2') };
  const book = createTableBook(running, admission, new Map(), session);
  const deliver = createBatchDelivery(running, session, identity, book);
  return { log, leaves, committed, advanced, deliver, tables };
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

  test('with rows that the sink refuses stops their table and delivers the others', async () => {
    const { deliver, committed, tables } = await route({ refuse: new Set(['customers']) });
    await deliver(start, [transactionAt(10, insert(orders), insert(customers))]);
    expect(committed.map((batch) => batch.tables.map((table) => table.table.relation.table))).toEqual([
      ['orders'],
    ]);
    expect(tables.get('public.customers')).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('22001'),
    });
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
