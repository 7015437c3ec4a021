import { parseLsn } from '@spine/kernel/lsn';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aTuple, int8, type TupleValue } from '../domain/tuple-builder.ts';
import { pgoutput } from './pgoutput-builder.ts';
import { decodeInBlock, decodePgoutput, UnknownPgoutput } from './pgoutput-decoder.ts';
import type { PgoutputMessage, RelationMessage } from './pgoutput-message.ts';
import { createTupleSlab } from './tuple-slab.ts';

const at = parseLsn('16/B374D848');
const row = aTuple(int8(1), { text: 'a' }, null, 'unchanged');
const key = aTuple(int8(1), null, null, null);
const items: RelationMessage = {
  kind: 'relation',
  oid: 4_000_000_000,
  schema: 'public',
  table: 'straße',
  identity: 'index',
  columns: [
    { name: 'id', typeOid: 20, typeModifier: -1, inIdentity: true },
    { name: 'note', typeOid: 1043, typeModifier: 44, inIdentity: false },
  ],
};

/** Decodes in the midst of other bytes, as in a socket's chunk. */
function decode(message: Buffer): PgoutputMessage {
  const chunk = Buffer.concat([Buffer.from('before'), message, Buffer.from('after')]);
  return decodePgoutput(chunk, 6, 6 + message.length, createTupleSlab());
}

const messages: readonly [string, Buffer, PgoutputMessage][] = [
  [
    'begin',
    pgoutput.begin(at, 1_700_000_000_123, 3_000_000_000),
    { kind: 'begin', finalLsn: at, committedAtMs: 1_700_000_000_123, xid: 3_000_000_000 },
  ],
  [
    'commit',
    pgoutput.commit(at, parseLsn('16/B374D880'), 1_700_000_000_123),
    {
      kind: 'commit',
      commitLsn: at,
      endLsn: parseLsn('16/B374D880'),
      committedAtMs: 1_700_000_000_123,
    },
  ],
  ['relation', pgoutput.relation(items), items],
  ['relation of pg_catalog', pgoutput.relation({ ...items, schema: '' }), { ...items, schema: 'pg_catalog' }],
  [
    'type',
    pgoutput.type(99_001, 'public', 'mood'),
    { kind: 'type', oid: 99_001, schema: 'public', name: 'mood' },
  ],
  ['insert', pgoutput.insert(7, row), { kind: 'insert', oid: 7, after: row }],
  [
    'update of other columns',
    pgoutput.update(7, row),
    { kind: 'update', oid: 7, before: null, beforeKind: null, after: row },
  ],
  [
    'update of the key',
    pgoutput.update(7, row, { kind: 'K', tuple: key }),
    { kind: 'update', oid: 7, before: key, beforeKind: 'K', after: row },
  ],
  [
    'update with the whole old row',
    pgoutput.update(7, row, { kind: 'O', tuple: key }),
    { kind: 'update', oid: 7, before: key, beforeKind: 'O', after: row },
  ],
  ['delete', pgoutput.delete(7, 'K', key), { kind: 'delete', oid: 7, before: key, beforeKind: 'K' }],
  [
    'truncate',
    pgoutput.truncate([7, 8], 3),
    { kind: 'truncate', oids: [7, 8], cascade: true, restartIdentity: true },
  ],
  [
    'logical message',
    pgoutput.message(at, 'spine', Buffer.from('x')),
    { kind: 'message', transactional: false, lsn: at, prefix: 'spine', content: Buffer.from('x') },
  ],
  ['origin', pgoutput.origin(at, 'other'), { kind: 'origin', name: 'other' }],
  ['stream start', pgoutput.streamStart(3_000_000_000, true), { kind: 'stream_start', xid: 3_000_000_000 }],
  ['stream stop', pgoutput.streamStop(), { kind: 'stream_stop' }],
  [
    'stream commit',
    pgoutput.streamCommit(3_000_000_000, at, parseLsn('16/B374D880'), 1_700_000_000_123),
    {
      kind: 'stream_commit',
      xid: 3_000_000_000,
      commitLsn: at,
      endLsn: parseLsn('16/B374D880'),
      committedAtMs: 1_700_000_000_123,
    },
  ],
  [
    'stream abort',
    pgoutput.streamAbort(3_000_000_000, 3_000_000_001),
    { kind: 'stream_abort', xid: 3_000_000_000, subxid: 3_000_000_001 },
  ],
];

/** Those that occur within a block and have the number of their transaction there. */
const numbered = messages.filter(([, , { kind }]) =>
  ['relation', 'type', 'insert', 'update', 'delete', 'truncate', 'message'].includes(kind),
);

describe('each message is read as the protocol describes it', () => {
  test.each(messages)('%s', (_, bytes, message) => {
    expect(decode(bytes)).toEqual(message);
  });
});

describe('within a block each message has the number of its transaction before it', () => {
  test.each(numbered)('%s', (_, bytes, message) => {
    const inBlock = pgoutput.inBlock(3_000_000_001, bytes);
    const read = decodeInBlock(inBlock, 0, inBlock.length, createTupleSlab());
    expect(read).toEqual({ subxid: 3_000_000_001, message });
    for (let length = 1; length < inBlock.length; length += 1) {
      expect(() => decodeInBlock(inBlock, 0, length, createTupleSlab())).toThrow(UnknownPgoutput);
    }
  });

  test.each([pgoutput.streamStop(), pgoutput.origin(at, 'other')])('but its end and its origin', (bytes) => {
    expect(decodeInBlock(bytes, 0, bytes.length, createTupleSlab())).toEqual({
      subxid: 0,
      message: decode(bytes),
    });
  });
});

describe('a message that ends too early or too late is refused', () => {
  test.each(messages)('%s', (name, bytes) => {
    for (let length = 1; length < bytes.length; length += 1) {
      expect(() => decode(bytes.subarray(0, length)), `${length} bytes`).toThrow(UnknownPgoutput);
    }
    // These two end with a name, after which nothing is counted.
    if (name === 'type' || name === 'origin') return;
    expect(() => decode(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(UnknownPgoutput);
  });
});

test('an unknown message is refused and its content is not told', () => {
  expect(() => decode(Buffer.from('Xsecret'))).toThrow('pgoutput sent a message of the unknown type X');
  expect(() => decode(Buffer.from('I\0\0\0\x07Xsecret'))).toThrow(
    'a pgoutput message of type I is malformed',
  );
});

test('arbitrary bytes either are a message or are refused; nothing else is thrown', () => {
  const type = fc.constantFrom(...'IUDBCRYTMOSEcAx').map((letter) => Buffer.from(letter));
  fc.assert(
    fc.property(type, fc.uint8Array({ maxLength: 60 }), (letter, rest) => {
      try {
        decode(Buffer.concat([letter, rest]));
      } catch (error) {
        expect(error).toBeInstanceOf(UnknownPgoutput);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('tuples survive when the bytes of the chunk are overwritten', () => {
  const value: fc.Arbitrary<TupleValue> = fc.oneof(
    fc.constant(null),
    fc.string().map((text) => ({ text })),
    fc.uint8Array({ maxLength: 9_000 }).map((bytes) => Buffer.from(bytes)),
  );
  const keep = createTupleSlab();
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.array(value, { maxLength: 6 }), (old, now) => {
      const [before, after] = [aTuple(...old), aTuple(...now)];
      const chunk = pgoutput.update(7, after, { kind: 'O', tuple: before });
      const message = decodePgoutput(chunk, 0, chunk.length, keep);
      chunk.fill(0xff);
      expect(message).toEqual({ kind: 'update', oid: 7, before, beforeKind: 'O', after });
    }),
  );
});
