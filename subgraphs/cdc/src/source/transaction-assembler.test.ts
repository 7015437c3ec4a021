import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import { expect, test } from 'vitest';
import type { SourceTransaction } from '../domain/change.ts';
import { aRelation } from '../domain/relation-builder.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { UnknownPgoutput } from './pgoutput-decoder.ts';
import type { PgoutputMessage } from './pgoutput-message.ts';
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

function assemblerFrom(from: string) {
  const transactions: SourceTransaction[] = [];
  const reached: Lsn[] = [];
  const assembler = createTransactionAssembler(parseLsn(from), (oid) => (oid === 7 ? orders : undefined), {
    onTransaction: (transaction) => transactions.push(transaction),
    onReached: (position) => reached.push(position),
  });
  return { assembler, transactions, reached };
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

test.each<[string, readonly PgoutputMessage[]]>([
  ['a change outside a transaction', [insert]],
  ['a commit without a begin', [commit('0/100')]],
  ['a begin inside a transaction', [begin(), begin()]],
  ['a change of a table that was not described', [begin(), { ...insert, oid: 8 }]],
])('%s is refused', (_, messages) => {
  const { assembler } = assemblerFrom('0/10');
  expect(() => {
    for (const message of messages) assembler.accept(message);
  }).toThrow(UnknownPgoutput);
});
