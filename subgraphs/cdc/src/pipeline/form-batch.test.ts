import type { Lsn } from '@spine/kernel/lsn';
import { describe, expect, test } from 'vitest';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import { groupByTable, uniformPrefix } from './form-batch.ts';

const relation = (table: string): Relation => ({
  oid: 1,
  schema: 'public',
  table,
  identity: 'default',
  columns: [],
  key: [],
});
const insert = (of: Relation): Change => ({ kind: 'insert', relation: of, after: Buffer.alloc(0) });
const transaction = (end: number, ...changes: Change[]): SourceTransaction => ({
  xid: end,
  commitLsn: BigInt(end - 1) as Lsn,
  endLsn: BigInt(end) as Lsn,
  committedAtMs: 0,
  changes,
  bytes: 0,
});
const orders = relation('orders');
const customers = relation('customers');

describe('groupByTable', () => {
  test('keeps commit order within a table', () => {
    const [first, second] = [insert(orders), insert(orders)];
    const runs = groupByTable([transaction(10, first, insert(customers)), transaction(20, second)], () => 0n);
    expect(runs.find((run) => run.relation === orders)?.changes).toEqual([first, second]);
  });

  test('leaves out what the snapshot of a table already holds', () => {
    const runs = groupByTable([transaction(10, insert(orders)), transaction(20, insert(orders))], () => 10n);
    expect(runs.map((run) => run.changes.length)).toEqual([1]);
  });

  test('a table whose every change is in its snapshot is not in the batch', () => {
    expect(groupByTable([transaction(10, insert(orders))], () => 10n)).toEqual([]);
  });
});

describe('uniformPrefix', () => {
  test('a transaction that brings a new shape of a table begins the next batch', () => {
    const altered = relation('orders');
    const transactions = [
      transaction(10, insert(orders)),
      transaction(20, insert(customers)),
      transaction(30, insert(altered)),
    ];
    expect(uniformPrefix(transactions)).toEqual(transactions.slice(0, 2));
  });

  test('one shape per table is the whole run', () => {
    const transactions = [transaction(10, insert(orders)), transaction(20, insert(orders))];
    expect(uniformPrefix(transactions)).toBe(transactions);
  });
});
