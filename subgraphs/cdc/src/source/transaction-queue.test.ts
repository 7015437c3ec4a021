import { type Lsn, lsnFromBytes } from '@spine/kernel/lsn';
import { expect, test, vi } from 'vitest';
import type { Change, SourceTransaction } from '../domain/change.ts';
import { aRelation } from '../domain/relation-builder.ts';
import { createTransactionQueue } from './transaction-queue.ts';

const relation = aRelation();
const never = new AbortController().signal;
const limits = { maxChanges: 10, maxBytes: 1_000, waitMs: 0 };

function lsn(value: number): Lsn {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return lsnFromBytes(bytes, 0);
}

function aTransaction(end: number, changes: number, bytes = changes): SourceTransaction {
  const change: Change = { kind: 'insert', relation, after: Buffer.alloc(0) };
  return {
    xid: end,
    commitLsn: lsn(end - 1),
    endLsn: lsn(end),
    committedAtMs: 0,
    changes: Array.from({ length: changes }, () => change),
    bytes,
  };
}

function queueOf(...transactions: readonly SourceTransaction[]) {
  const onRoom = vi.fn();
  const queue = createTransactionQueue(lsn(10), { maxChanges: 100, maxBytes: 10_000 }, onRoom);
  for (const transaction of transactions) {
    queue.push(transaction);
    queue.reach(transaction.endLsn);
  }
  return { queue, onRoom };
}

test('takes what is there, up to the caps, whole transactions in order', async () => {
  const { queue } = queueOf(aTransaction(20, 6), aTransaction(30, 4), aTransaction(40, 1));
  const first = await queue.take(limits, never);
  expect(first.transactions.map(({ xid }) => xid)).toEqual([20, 30]);
  expect(first.position).toBe(lsn(30));
  const second = await queue.take(limits, never);
  expect(second.transactions.map(({ xid }) => xid)).toEqual([40]);
  expect(second.position).toBe(lsn(40));
});

test('a transaction larger than the caps is taken alone', async () => {
  const { queue } = queueOf(aTransaction(20, 50), aTransaction(30, 1));
  expect((await queue.take(limits, never)).transactions.map(({ xid }) => xid)).toEqual([20]);
});

test('the cap in bytes holds', async () => {
  const { queue } = queueOf(aTransaction(20, 1, 900), aTransaction(30, 1, 200));
  expect((await queue.take(limits, never)).transactions).toHaveLength(1);
});

test('a position without transactions is told once nothing lies before it', async () => {
  const { queue } = queueOf(aTransaction(20, 1));
  queue.reach(lsn(99));
  queue.push(aTransaction(110, 10));
  queue.reach(lsn(110));
  queue.reach(lsn(150));
  expect((await queue.take(limits, never)).position).toBe(lsn(20));
  expect((await queue.take(limits, never)).position).toBe(lsn(150));
  expect(await queue.take(limits, never)).toEqual({ transactions: [], position: lsn(150) });
});

test('until stops before a transaction that ends beyond it, and says that nothing is left up to it', async () => {
  const { queue } = queueOf(aTransaction(20, 1), aTransaction(40, 1));
  expect(await queue.take({ ...limits, until: lsn(30), waitMs: 1_000 }, never)).toMatchObject({
    transactions: [{ xid: 20 }],
    position: lsn(30),
  });
  expect(await queue.take({ ...limits, until: lsn(30), waitMs: 1_000 }, never)).toEqual({
    transactions: [],
    position: lsn(30),
  });
  expect((await queue.take(limits, never)).transactions).toHaveLength(1);
});

test('until does not wait when the position has been reached without a transaction', async () => {
  const { queue } = queueOf();
  queue.reach(lsn(50));
  const take = await queue.take({ ...limits, until: lsn(40), waitMs: 60_000 }, never);
  expect(take).toEqual({ transactions: [], position: lsn(50) });
});

test('waits for a transaction and answers as soon as it comes', async () => {
  const { queue } = queueOf();
  const taking = queue.take({ ...limits, waitMs: 60_000 }, never);
  queue.reach(lsn(15));
  queue.push(aTransaction(20, 1));
  expect((await taking).transactions).toHaveLength(1);
});

test('answers nothing when the wait is over', async () => {
  const { queue } = queueOf();
  expect(await queue.take({ ...limits, waitMs: 5 }, never)).toEqual({ transactions: [], position: lsn(10) });
});

test('an abort ends the wait with its reason', async () => {
  const { queue } = queueOf();
  const stop = new AbortController();
  const taking = queue.take({ ...limits, waitMs: 60_000 }, stop.signal);
  stop.abort(new Error('drained'));
  await expect(taking).rejects.toThrow('drained');
});

test('after a failure what had arrived is taken, then every take rejects with the first cause', async () => {
  const { queue } = queueOf(aTransaction(20, 1));
  queue.fail(new Error('lost'));
  queue.fail(new Error('later'));
  expect((await queue.take(limits, never)).transactions).toHaveLength(1);
  await expect(queue.take(limits, never)).rejects.toThrow('lost');
  await expect(queue.take(limits, never)).rejects.toThrow('lost');
});

test('a failure ends the wait', async () => {
  const { queue } = queueOf();
  const taking = queue.take({ ...limits, waitMs: 60_000 }, never);
  queue.fail(new Error('lost'));
  await expect(taking).rejects.toThrow('lost');
});

test('it is full at its caps and asks for more once it is half empty', async () => {
  const { queue, onRoom } = queueOf(...[20, 30, 40, 50].map((end) => aTransaction(end, 25)));
  expect(queue.full()).toBe(true);
  await queue.take({ ...limits, maxChanges: 25 }, never);
  expect(queue.full()).toBe(true);
  expect(onRoom).not.toHaveBeenCalled();
  await queue.take({ ...limits, maxChanges: 25 }, never);
  expect(queue.full()).toBe(false);
  expect(onRoom).toHaveBeenCalledOnce();
});
