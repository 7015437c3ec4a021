import { lsnFromBytes } from '@spine/kernel/lsn';
import type { ReplicaIdentity } from '../domain/relation.ts';
import { tupleEnd } from '../domain/tuple.ts';
import type {
  BlockMessage,
  PgoutputMessage,
  RelationMessage,
  RelationMessageColumn,
} from './pgoutput-message.ts';

/** Takes a tuple out of the socket's chunk, so that keeping the tuple does not keep the chunk. */
export type KeepTuple = (bytes: Buffer, start: number, end: number) => Buffer;

/** The stream says something that this version does not know. Going on would lose data, so the route stops. */
export class UnknownPgoutput extends Error {
  override readonly name = 'UnknownPgoutput';
}

/**
 * Reads the pgoutput message in `bytes[start, end)`: protocol version 2 of Postgres 14 to 18, text or binary, outside the blocks
 * of an open transaction. Throws UnknownPgoutput on anything else, and never reads beyond `end`.
 */
export function decodePgoutput(bytes: Buffer, start: number, end: number, keep: KeepTuple): PgoutputMessage {
  try {
    return decode(bytes, start, start + 1, end, keep);
  } catch (error) {
    throw malformed(error, bytes, start);
  }
}

/**
 * Reads a message of a block of an open transaction: changes, tables and logical messages have the number of their transaction
 * before their usual fields. The number is 0 for a message that belongs to none.
 */
export function decodeInBlock(bytes: Buffer, start: number, end: number, keep: KeepTuple): BlockMessage {
  try {
    const type = bytes[start];
    // E ends the block, O names its origin.
    const numbered = type !== 0x45 && type !== 0x4f;
    return {
      subxid: numbered ? readUInt32(bytes, start + 1, end) : 0,
      message: decode(bytes, start, start + (numbered ? 5 : 1), end, keep),
    };
  } catch (error) {
    throw malformed(error, bytes, start);
  }
}

function malformed(error: unknown, bytes: Buffer, start: number): unknown {
  if (!(error instanceof RangeError)) return error;
  // The bytes may hold row values: the error names the message's type only.
  return new UnknownPgoutput(`a pgoutput message of type ${typeOf(bytes, start)} is malformed`, {
    cause: error,
  });
}

function decode(bytes: Buffer, start: number, at: number, end: number, keep: KeepTuple): PgoutputMessage {
  switch (bytes[start]) {
    case 0x49: // I
      expectByte(bytes, at + 4, 0x4e);
      return {
        kind: 'insert',
        oid: readUInt32(bytes, at, end),
        after: lastTuple(bytes, at + 5, end, keep),
      };
    case 0x55: // U
      return decodeUpdate(bytes, at, end, keep);
    case 0x44: // D
      return {
        kind: 'delete',
        oid: readUInt32(bytes, at, end),
        beforeKind: oldTupleKind(bytes[at + 4]),
        before: lastTuple(bytes, at + 5, end, keep),
      };
    case 0x42: // B
      exactLength(start, end, 21);
      return {
        kind: 'begin',
        finalLsn: lsnFromBytes(bytes, at),
        committedAtMs: millisecondsAt(bytes, at + 8),
        xid: bytes.readUInt32BE(at + 16),
      };
    case 0x43: // C, after it a byte of flags that are unused
      exactLength(start, end, 26);
      return {
        kind: 'commit',
        commitLsn: lsnFromBytes(bytes, at + 1),
        endLsn: lsnFromBytes(bytes, at + 9),
        committedAtMs: millisecondsAt(bytes, at + 17),
      };
    case 0x52: // R
      return decodeRelation(bytes, at, end);
    case 0x59: {
      // Y
      const schema = readText(bytes, at + 4, end);
      return {
        kind: 'type',
        oid: readUInt32(bytes, at, end),
        schema: schema.text,
        name: readText(bytes, schema.next, end).text,
      };
    }
    case 0x54: // T
      return decodeTruncate(bytes, at, end);
    case 0x4d: {
      // M: flags, LSN, prefix, length, content
      const prefix = readText(bytes, at + 9, end);
      const length = readUInt32(bytes, prefix.next, end);
      if (prefix.next + 4 + length !== end) throw new RangeError('a logical message has another length');
      return {
        kind: 'message',
        transactional: bytes[at] === 1,
        lsn: lsnFromBytes(bytes, at + 1),
        prefix: prefix.text,
        content: keep(bytes, prefix.next + 4, end),
      };
    }
    case 0x4f: // O: LSN at the origin, name
      return { kind: 'origin', name: readText(bytes, at + 8, end).text };
    case 0x53: // S, after the number whether this is the first block
      exactLength(start, end, 6);
      return { kind: 'stream_start', xid: bytes.readUInt32BE(at) };
    case 0x45: // E
      exactLength(start, end, 1);
      return { kind: 'stream_stop' };
    case 0x63: // c, after the number a byte of flags that are unused
      exactLength(start, end, 30);
      return {
        kind: 'stream_commit',
        xid: bytes.readUInt32BE(at),
        commitLsn: lsnFromBytes(bytes, at + 5),
        endLsn: lsnFromBytes(bytes, at + 13),
        committedAtMs: millisecondsAt(bytes, at + 21),
      };
    case 0x41: // A
      exactLength(start, end, 9);
      return {
        kind: 'stream_abort',
        xid: bytes.readUInt32BE(at),
        subxid: bytes.readUInt32BE(at + 4),
      };
    default:
      throw new UnknownPgoutput(`pgoutput sent a message of the unknown type ${typeOf(bytes, start)}`);
  }
}

function decodeUpdate(bytes: Buffer, start: number, end: number, keep: KeepTuple): PgoutputMessage {
  const oid = readUInt32(bytes, start, end);
  const at = start + 4;
  if (bytes[at] === 0x4e) {
    return {
      kind: 'update',
      oid,
      before: null,
      beforeKind: null,
      after: lastTuple(bytes, at + 1, end, keep),
    };
  }
  const beforeKind = oldTupleKind(bytes[at]);
  const beforeEnd = tupleEnd(bytes, at + 1, end);
  expectByte(bytes, beforeEnd, 0x4e);
  return {
    kind: 'update',
    oid,
    beforeKind,
    before: keep(bytes, at + 1, beforeEnd),
    after: lastTuple(bytes, beforeEnd + 1, end, keep),
  };
}

function decodeRelation(bytes: Buffer, start: number, end: number): RelationMessage {
  const schema = readText(bytes, start + 4, end);
  const table = readText(bytes, schema.next, end);
  const identity = identityOf(bytes[table.next]);
  if (table.next + 3 > end) throw new RangeError('a relation is cut off');
  const count = bytes.readUInt16BE(table.next + 1);
  const columns: RelationMessageColumn[] = [];
  let at = table.next + 3;
  for (let index = 0; index < count; index += 1) {
    const name = readText(bytes, at + 1, end);
    if (name.next + 8 > end) throw new RangeError('a relation is cut off');
    columns.push({
      name: name.text,
      typeOid: bytes.readUInt32BE(name.next),
      typeModifier: bytes.readInt32BE(name.next + 4),
      inIdentity: ((bytes[at] ?? 0) & 1) === 1,
    });
    at = name.next + 8;
  }
  if (at !== end) throw new RangeError('a relation has bytes left over');
  return {
    kind: 'relation',
    oid: readUInt32(bytes, start, end),
    // The protocol leaves the schema empty for pg_catalog.
    schema: schema.text === '' ? 'pg_catalog' : schema.text,
    table: table.text,
    identity,
    columns,
  };
}

function decodeTruncate(bytes: Buffer, start: number, end: number): PgoutputMessage {
  const count = readUInt32(bytes, start, end);
  const flags = bytes[start + 4] ?? 0;
  if (start + 5 + count * 4 !== end) throw new RangeError('a truncate has another length');
  const oids: number[] = [];
  for (let at = start + 5; at < end; at += 4) oids.push(bytes.readUInt32BE(at));
  return { kind: 'truncate', oids, cascade: (flags & 1) !== 0, restartIdentity: (flags & 2) !== 0 };
}

/** The tuple that a message ends with. */
function lastTuple(bytes: Buffer, start: number, end: number, keep: KeepTuple): Buffer {
  if (tupleEnd(bytes, start, end) !== end) throw new RangeError('bytes follow the tuple');
  return keep(bytes, start, end);
}

function oldTupleKind(byte: number | undefined): 'K' | 'O' {
  if (byte === 0x4b) return 'K';
  if (byte === 0x4f) return 'O';
  throw new RangeError('an old tuple is neither K nor O');
}

function identityOf(byte: number | undefined): ReplicaIdentity {
  switch (byte) {
    case 0x64:
      return 'default';
    case 0x69:
      return 'index';
    case 0x66:
      return 'full';
    case 0x6e:
      return 'nothing';
    default:
      throw new RangeError('a relation has an unknown replica identity');
  }
}

function readText(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly text: string; readonly next: number } {
  const zero = bytes.indexOf(0, start);
  if (start >= end || zero < 0 || zero >= end) throw new RangeError('a name has no end');
  return { text: bytes.toString('utf8', start, zero), next: zero + 1 };
}

function readUInt32(bytes: Buffer, at: number, end: number): number {
  if (at + 4 > end) throw new RangeError('a number is cut off');
  return bytes.readUInt32BE(at);
}

function expectByte(bytes: Buffer, at: number, expected: number): void {
  if (bytes[at] !== expected) throw new RangeError('a new tuple does not begin with N');
}

function exactLength(start: number, end: number, length: number): void {
  if (end - start !== length) throw new RangeError('a message has another length');
}

/** Postgres counts microseconds from 2000-01-01. Two halves in doubles: exact for some 140 years and cheaper than bigint. */
function millisecondsAt(bytes: Buffer, at: number): number {
  const microseconds = bytes.readInt32BE(at) * 4_294_967_296 + bytes.readUInt32BE(at + 4);
  return Math.floor(microseconds / 1000) + 946_684_800_000;
}

function typeOf(bytes: Buffer, at: number): string {
  const byte = bytes[at] ?? 0;
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `0x${byte.toString(16)}`;
}
