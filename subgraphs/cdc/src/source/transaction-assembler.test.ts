import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import { expect, test } from 'vitest';
import type { SourceTransaction } from '../domain/change.ts';
import { aRelation } from '../domain/relation-builder.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { UnknownPgoutput } from './pgoutput-decoder.ts';
import type { PgoutputMessage } from './pgoutput-message.ts';
import { memorySpool } from './spool/memory-spool.ts';
import { createTransactionAssembler } from './transaction-assembler.ts';

const orders = aRelation({ oid: 7 });
const row = aTuple(int8(1));
const insert: PgoutputMessage = { kind: 'insert', oid: 7, after: row };

function begin(xid = 1): PgoutputMessage {
  return { kind: 'begin', finalLsn: parseLsn('0/F0'), committedAtMs: 5, xid };
}

function commit(end: string): PgoutputMessage {
  return { kind: 'commit', commitLsn: parseLsn('0/F0'), endLsn: parseLsn(end), committedAtMs: 5 };
}

function assemblerFrom(from: string, spoolAbove?: number) {
  const transactions: SourceTransaction[] = [];
  const reached: Lsn[] = [];
  const spool = memorySpool();
  const sealing: Promise<void>[] = [];
  const assembler = createTransactionAssembler(
    parseLsn(from),
    (oid) => (oid === 7 ? orders : undefined),
    {
      onTransaction: (transaction) => transactions.push(transaction),
      onSpooled(whole, endLsn) {
        sealing.push(whole.then((transaction) => assembler.handOver(transaction, endLsn)));
      },
      onReached: (position) => reached.push(position),
    },
    spool,
    spoolAbove,
  );
  return { assembler, transactions, reached, spool, sealed: () => Promise.all(sealing) };
}

test('a transaction is handed over at its commit, with the bytes of its tuples', () => {
  const { assembler, transactions, reached } = assemblerFrom('0/10');
  assembler.accept(begin());
  assembler.accept(insert);
  assembler.accept({ kind: 'update', oid: 7, before: row, beforeKind: 'K', after: row });
  expect(transactions).toEqual([]);
  assembler.accept(commit('0/100'));
  expect(transactions).toEqual([
    {
      xid: 1,
      commitLsn: parseLsn('0/F0'),
      endLsn: parseLsn('0/100'),
      committedAtMs: 5,
      changes: [
        { kind: 'insert', relation: orders, after: row },
        { kind: 'update', relation: orders, before: row, beforeKind: 'K', after: row },
      ],
      bytes: 3 * row.length,
    },
  ]);
  expect(reached).toEqual([parseLsn('0/100')]);
});

test('a transaction that ends at the checkpoint is dropped, the next one is not', () => {
  const { assembler, transactions } = assemblerFrom('0/100');
  for (const end of ['0/100', '0/101']) {
    assembler.accept(begin());
    assembler.accept(insert);
    assembler.accept(commit(end));
  }
  expect(transactions.map(({ endLsn }) => endLsn)).toEqual([parseLsn('0/101')]);
});

test('a transaction without changes of ours moves the position only', () => {
  const { assembler, transactions, reached } = assemblerFrom('0/10');
  assembler.accept(begin());
  assembler.accept(commit('0/100'));
  expect(transactions).toEqual([]);
  expect(reached).toEqual([parseLsn('0/100')]);
});

test('a keepalive or a heartbeat counts only while no transaction is open', () => {
  const { assembler, reached } = assemblerFrom('0/10');
  assembler.serverAt(parseLsn('0/20'));
  assembler.accept(begin());
  assembler.serverAt(parseLsn('0/30'));
  assembler.accept(insert);
  assembler.accept(commit('0/100'));
  assembler.serverAt(parseLsn('0/90'));
  assembler.accept({
    kind: 'message',
    transactional: false,
    lsn: parseLsn('0/200'),
    prefix: 'spine',
    content: Buffer.alloc(0),
  });
  expect(reached).toEqual(['0/20', '0/100', '0/200'].map(parseLsn));
});

test('truncate makes a change for each table', () => {
  const { assembler, transactions } = assemblerFrom('0/10');
  assembler.accept(begin());
  assembler.accept({ kind: 'truncate', oids: [7, 7], cascade: true, restartIdentity: false });
  assembler.accept(commit('0/100'));
  expect(transactions[0]?.changes).toEqual([
    { kind: 'truncate', relation: orders, cascade: true },
    { kind: 'truncate', relation: orders, cascade: true },
  ]);
});

test('a transaction that outgrows memory moves to disk and comes with every change in order', async () => {
  const { assembler, transactions, reached, spool, sealed } = assemblerFrom('0/10', 500);
  assembler.accept(begin());
  for (let count = 0; count < 10; count += 1) assembler.accept(insert);
  assembler.accept({ kind: 'delete', oid: 7, before: row, beforeKind: 'K' });
  assembler.accept(commit('0/100'));
  await sealed();
  assembler.accept(begin(2));
  assembler.accept(insert);
  assembler.accept(commit('0/200'));
  const [large, small] = transactions;
  expect(large).toMatchObject({ xid: 1, endLsn: parseLsn('0/100'), changes: [], bytes: 0 });
  expect(large?.spooled?.counts).toEqual(new Map([[orders, 11]]));
  const changes = [];
  for await (const part of large?.spooled?.parts() ?? []) changes.push(...part);
  expect(changes).toEqual([
    ...Array.from({ length: 10 }, () => ({ kind: 'insert', relation: orders, after: row })),
    { kind: 'delete', relation: orders, before: row, beforeKind: 'K' },
  ]);
  expect(small?.changes).toHaveLength(1);
  expect(reached).toEqual(['0/100', '0/200'].map(parseLsn));
  await large?.spooled?.discard();
  expect(spool.files()).toBe(0);
});

test('a large transaction that ends at the checkpoint is dropped with its file', async () => {
  const { assembler, transactions, spool, sealed } = assemblerFrom('0/100', 0);
  assembler.accept(begin());
  assembler.accept(insert);
  expect(spool.files()).toBe(1);
  assembler.accept(commit('0/100'));
  await sealed();
  expect(transactions).toEqual([]);
  expect(spool.files()).toBe(0);
});

test.each<[string, readonly PgoutputMessage[]]>([
  ['a change outside a transaction', [insert]],
  ['a commit without a begin', [commit('0/100')]],
  ['a begin inside a transaction', [begin(), begin()]],
  ['a block where a transaction comes whole', [{ kind: 'stream_stop' }]],
  ['a change of a table that was not described', [begin(), { ...insert, oid: 8 }]],
])('%s is refused', (_, messages) => {
  const { assembler } = assemblerFrom('0/10');
  expect(() => {
    for (const message of messages) assembler.accept(message);
  }).toThrow(UnknownPgoutput);
});
