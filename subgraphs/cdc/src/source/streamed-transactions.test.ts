import { parseLsn } from '@spine/kernel/lsn';
import { expect, test } from 'vitest';
import type { Change, SourceTransaction } from '../domain/change.ts';
import { aRelation } from '../domain/relation-builder.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { UnknownPgoutput } from './pgoutput-decoder.ts';
import type { PgoutputMessage, RelationMessage } from './pgoutput-message.ts';
import { memorySpool } from './spool/memory-spool.ts';
import { createStreamedTransactions } from './streamed-transactions.ts';

const described: RelationMessage = {
  kind: 'relation',
  oid: 7,
  schema: 'public',
  table: 'orders',
  identity: 'default',
  columns: [],
};
const orders = aRelation({ oid: 7 });
const insert = (id: number): PgoutputMessage => ({ kind: 'insert', oid: 7, after: aTuple(int8(id)) });
const commit = (xid: number) =>
  ({
    kind: 'stream_commit',
    xid,
    commitLsn: parseLsn('0/F0'),
    endLsn: parseLsn('0/100'),
    committedAtMs: 5,
  }) as const;

function streamedOf(describe = async () => orders) {
  const spool = memorySpool();
  const streamed = createStreamedTransactions(spool, describe);
  const block = (xid: number, ...messages: readonly (readonly [number, PgoutputMessage])[]): void => {
    streamed.begin(xid);
    for (const [subxid, message] of messages) streamed.accept({ subxid, message });
    streamed.accept({ subxid: 0, message: { kind: 'stream_stop' } });
  };
  return { spool, streamed, block };
}

async function idsOf(transaction: SourceTransaction | null): Promise<readonly number[]> {
  const changes: Change[] = [];
  for await (const part of transaction?.spooled?.parts() ?? []) changes.push(...part);
  return changes.map((change) => (change.kind === 'insert' ? Number(change.after.readBigInt64BE(7)) : -1));
}

test('blocks of two open transactions come apart, and each is whole at its commit', async () => {
  const { streamed, block, spool } = streamedOf();
  block(1, [1, described], [1, insert(10)]);
  block(2, [2, described], [2, insert(20)]);
  block(1, [1, insert(11)]);
  expect(streamed.inBlock()).toBe(false);
  const second = await streamed.commit(commit(2));
  const first = await streamed.commit(commit(1));
  expect(await idsOf(first)).toEqual([10, 11]);
  expect(await idsOf(second)).toEqual([20]);
  expect(first?.spooled?.counts).toEqual(new Map([[orders, 2]]));
  await first?.spooled?.discard();
  await second?.spooled?.discard();
  expect(spool.files()).toBe(0);
});

test('a rolled back subtransaction takes those inside it along, and nothing before or after it', async () => {
  const { streamed, block } = streamedOf();
  block(1, [1, described], [1, insert(1)], [2, insert(2)], [3, insert(3)], [2, insert(4)]);
  streamed.abort(1, 3);
  streamed.abort(1, 2);
  streamed.abort(1, 9);
  block(1, [1, insert(5)], [4, insert(6)], [1, insert(7)]);
  expect(await idsOf(await streamed.commit(commit(1)))).toEqual([1, 5, 6, 7]);
});

test('a rolled back transaction leaves no file, and one of which nothing is left is no transaction', async () => {
  const { streamed, block, spool } = streamedOf();
  block(1, [1, described], [1, insert(1)]);
  streamed.abort(1, 1);
  expect(spool.files()).toBe(0);
  block(2, [2, described], [3, insert(1)]);
  streamed.abort(2, 3);
  expect(await streamed.commit(commit(2))).toBe(null);
  expect(spool.files()).toBe(0);
});

test('a table is described at the commit, once for each form in which the transaction had it', async () => {
  const later = aRelation({ oid: 7, table: 'later' });
  const forms = [orders, later];
  let asked = 0;
  const { streamed, block } = streamedOf(async () => forms[asked++] ?? orders);
  block(1, [1, described], [1, insert(1)]);
  block(1, [1, described], [1, insert(2)], [1, insert(3)]);
  expect(asked).toBe(0);
  const transaction = await streamed.commit(commit(1));
  expect(transaction?.spooled?.counts).toEqual(
    new Map([
      [orders, 1],
      [later, 2],
    ]),
  );
});

test.each<[string, (streamed: ReturnType<typeof createStreamedTransactions>) => unknown]>([
  ['a block inside another', (streamed) => [streamed.begin(1), streamed.begin(2)]],
  [
    'a change of a table that the transaction has not described',
    (streamed) => [streamed.begin(1), streamed.accept({ subxid: 1, message: insert(1) })],
  ],
  [
    'a begin inside a block',
    (streamed) => [
      streamed.begin(1),
      streamed.accept({
        subxid: 1,
        message: { kind: 'begin', finalLsn: parseLsn('0/1'), committedAtMs: 0, xid: 1 },
      }),
    ],
  ],
])('%s is refused', (_, work) => {
  const { streamed } = streamedOf();
  expect(() => work(streamed)).toThrow(UnknownPgoutput);
});

test('the commit of a transaction that never began is refused', async () => {
  const { streamed } = streamedOf();
  await expect(streamed.commit(commit(1))).rejects.toThrow(UnknownPgoutput);
});
