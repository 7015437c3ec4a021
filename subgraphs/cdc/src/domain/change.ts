import type { Lsn } from '@spine/kernel/lsn';
import type { Relation } from './relation.ts';

/**
 * One row change. `after` and `before` are pgoutput TupleData as it came over the wire (int16 column count, then per
 * column a kind byte n, u, t or b, and for t and b an int32 length and the bytes), copied out of the socket's chunk.
 */
export type Change =
  | { readonly kind: 'insert'; readonly relation: Relation; readonly after: Buffer }
  | {
      readonly kind: 'update';
      readonly relation: Relation;
      readonly after: Buffer;
      readonly before: Buffer | null;
      /** K: `before` holds the old key only; O: the whole old row; null: the key did not change. */
      readonly beforeKind: 'K' | 'O' | null;
    }
  | {
      readonly kind: 'delete';
      readonly relation: Relation;
      readonly before: Buffer;
      readonly beforeKind: 'K' | 'O';
    }
  | { readonly kind: 'truncate'; readonly relation: Relation; readonly cascade: boolean };

/** The changes of one source commit, in order. */
export interface SourceTransaction {
  readonly xid: number;
  readonly commitLsn: Lsn;
  /** The end of the commit record: what a checkpoint and an acknowledgement name. */
  readonly endLsn: Lsn;
  /** Milliseconds since 1970 of the commit at the source. */
  readonly committedAtMs: number;
  readonly changes: readonly Change[];
  /** Bytes of the tuples held in memory, for the caps of a batch. */
  readonly bytes: number;
  /** Of a transaction that is too large for memory: `changes` is empty and they lie on disk instead. */
  readonly spooled?: SpooledChanges;
}

/** Changes of one transaction that wait on disk until the transaction has been delivered. */
export interface SpooledChanges {
  /** How many changes each table has, in the order in which the tables first occur. */
  readonly counts: ReadonlyMap<Relation, number>;
  /** All of them in order, a bounded number at a time. It may be read again until `discard`. */
  parts(): AsyncIterable<readonly Change[]>;
  /** Gives the disk back. */
  discard(): Promise<void>;
}
