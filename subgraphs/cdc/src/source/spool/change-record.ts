import { unreachable } from '@spine/kernel/invariant';
import type { Change } from '../../domain/change.ts';
import type { Relation } from '../../domain/relation.ts';

/** What a record holds of a change; its table is told by a number, because the table may not be described yet. */
export type RecordedChange =
  | { readonly kind: 'insert'; readonly after: Buffer }
  | {
      readonly kind: 'update';
      readonly after: Buffer;
      readonly before: Buffer | null;
      readonly beforeKind: 'K' | 'O' | null;
    }
  | { readonly kind: 'delete'; readonly before: Buffer; readonly beforeKind: 'K' | 'O' }
  | { readonly kind: 'truncate'; readonly cascade: boolean };

/** Length of the whole record, kind, kind of the old tuple (or cascade), number of the table, length of the old tuple. */
const headBytes = 14;
const kinds = ['insert', 'update', 'delete', 'truncate'] as const;
const nothing = Buffer.alloc(0);

/** The record of a change as the pieces to write one after the other. The first is lent until the next call. */
export function recordOf(table: number, change: RecordedChange): readonly [Buffer, Buffer, Buffer] {
  switch (change.kind) {
    case 'insert':
      return record(0, 0, table, nothing, change.after);
    case 'update':
      return record(1, oldKind(change.beforeKind), table, change.before ?? nothing, change.after);
    case 'delete':
      return record(2, oldKind(change.beforeKind), table, change.before, nothing);
    case 'truncate':
      return record(3, change.cascade ? 1 : 0, table, nothing, nothing);
    default:
      return unreachable(change);
  }
}

/** Length of the record that begins at `at`, or of what must be there to tell it. */
export function recordLength(bytes: Buffer, at: number): number {
  return at + headBytes > bytes.length ? headBytes : bytes.readUInt32BE(at);
}

/** Number of the table of the record that begins at `at`. */
export function recordTable(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at + 6);
}

/** Reads the record that begins at `at` and is there whole. Its tuples are parts of `bytes`. */
export function readRecord(bytes: Buffer, at: number, relation: Relation): Change {
  const start = at + headBytes;
  const middle = start + bytes.readUInt32BE(at + 10);
  const end = at + bytes.readUInt32BE(at);
  const before = bytes.subarray(start, middle);
  const after = bytes.subarray(middle, end);
  const flag = bytes[at + 5] ?? 0;
  switch (kinds[bytes[at + 4] ?? 0]) {
    case 'insert':
      return { kind: 'insert', relation, after };
    case 'update':
      return flag === 0
        ? { kind: 'update', relation, after, before: null, beforeKind: null }
        : { kind: 'update', relation, after, before, beforeKind: flag === 0x4b ? 'K' : 'O' };
    case 'delete':
      return { kind: 'delete', relation, before, beforeKind: flag === 0x4b ? 'K' : 'O' };
    case 'truncate':
      return { kind: 'truncate', relation, cascade: flag === 1 };
    default:
      throw new RangeError('a record of the spool has no kind');
  }
}

const head = Buffer.alloc(headBytes);

function record(
  kind: number,
  flag: number,
  table: number,
  before: Buffer,
  after: Buffer,
): readonly [Buffer, Buffer, Buffer] {
  head.writeUInt32BE(headBytes + before.length + after.length, 0);
  head[4] = kind;
  head[5] = flag;
  head.writeUInt32BE(table, 6);
  head.writeUInt32BE(before.length, 10);
  return [head, before, after];
}

function oldKind(kind: 'K' | 'O' | null): number {
  return kind === null ? 0 : kind.charCodeAt(0);
}
