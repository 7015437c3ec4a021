import type { Lsn } from '@spine/kernel/lsn';
import type { RelationMessage } from './pgoutput-message.ts';

/** pgoutput messages for tests, byte by byte as the protocol describes them. */
export const pgoutput = {
  begin: (finalLsn: Lsn, committedAtMs: number, xid: number): Buffer =>
    bytes('B', uint64(finalLsn), time(committedAtMs), uint32(xid)),
  commit: (commitLsn: Lsn, endLsn: Lsn, committedAtMs: number): Buffer =>
    bytes('C', Buffer.from([0]), uint64(commitLsn), uint64(endLsn), time(committedAtMs)),
  relation: (message: RelationMessage): Buffer =>
    bytes(
      'R',
      uint32(message.oid),
      text(message.schema),
      text(message.table),
      Buffer.from({ default: 'd', index: 'i', full: 'f', nothing: 'n' }[message.identity]),
      uint16(message.columns.length),
      ...message.columns.flatMap((column) => [
        Buffer.from([column.inIdentity ? 1 : 0]),
        text(column.name),
        uint32(column.typeOid),
        int32(column.typeModifier),
      ]),
    ),
  type: (oid: number, schema: string, name: string): Buffer =>
    bytes('Y', uint32(oid), text(schema), text(name)),
  insert: (oid: number, after: Buffer): Buffer => bytes('I', uint32(oid), 'N', after),
  update: (oid: number, after: Buffer, before?: { kind: 'K' | 'O'; tuple: Buffer }): Buffer =>
    before === undefined
      ? bytes('U', uint32(oid), 'N', after)
      : bytes('U', uint32(oid), before.kind, before.tuple, 'N', after),
  delete: (oid: number, kind: 'K' | 'O', before: Buffer): Buffer => bytes('D', uint32(oid), kind, before),
  truncate: (oids: readonly number[], flags: number): Buffer =>
    bytes('T', uint32(oids.length), Buffer.from([flags]), ...oids.map(uint32)),
  message: (lsn: Lsn, prefix: string, content: Buffer, transactional = false): Buffer =>
    bytes(
      'M',
      Buffer.from([transactional ? 1 : 0]),
      uint64(lsn),
      text(prefix),
      uint32(content.length),
      content,
    ),
  origin: (lsn: Lsn, name: string): Buffer => bytes('O', uint64(lsn), text(name)),
  streamStart: (xid: number, first: boolean): Buffer => bytes('S', uint32(xid), Buffer.from([first ? 1 : 0])),
  streamStop: (): Buffer => bytes('E'),
  streamCommit: (xid: number, commitLsn: Lsn, endLsn: Lsn, committedAtMs: number): Buffer =>
    bytes('c', uint32(xid), Buffer.from([0]), uint64(commitLsn), uint64(endLsn), time(committedAtMs)),
  streamAbort: (xid: number, subxid: number): Buffer => bytes('A', uint32(xid), uint32(subxid)),
  /** A message as it stands within a block. */
  inBlock: (subxid: number, message: Buffer): Buffer =>
    Buffer.concat([message.subarray(0, 1), uint32(subxid), message.subarray(1)]),
};

/** One message of the wire for tests: a type byte, a length, a body. */
export function aFrame(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), uint32(body.length + 4), body]);
}

function bytes(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat([type, ...parts].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function time(ms: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE((BigInt(ms) - 946_684_800_000n) * 1000n);
  return buffer;
}

function uint64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(value);
  return buffer;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}
