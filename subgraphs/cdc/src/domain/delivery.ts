import type { Lsn } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from './change.ts';
import type { Relation } from './relation.ts';

/** What an allow demands of one column before it may leave. */
export type ColumnObligation =
  | { readonly type: 'drop' }
  | { readonly type: 'mask' }
  | { readonly type: 'hash' }
  | { readonly type: 'tokenise'; readonly keep?: 'format' }
  | { readonly type: 'truncate'; readonly to: number };

/** The delivered shape of one table: the second contract, after the gate. Built by `deliveredTable`. */
export interface DeliveredTable {
  readonly relation: Relation;
  readonly obligations: ReadonlyMap<string, ColumnObligation>;
  /** HMAC key of `hash` and `tokenise`; null when no column needs one. */
  readonly obligationKey: Buffer | null;
  readonly contractVersion: number;
}

/** The allowed changes of one table in one batch, in commit order. Skips and denials are already taken out. */
export interface TableChanges {
  readonly table: DeliveredTable;
  readonly changes: readonly Change[];
  /** In a part of a batch: the commit that they are all of. */
  readonly commitLsn?: Lsn;
}

/** What is delivered in one sink transaction. */
export interface Batch {
  readonly id: string;
  readonly route: string;
  readonly start: Lsn;
  readonly end: Lsn;
  readonly tables: readonly TableChanges[];
  /** Source changes counted into the checkpoint: those delivered, before coalescing. */
  readonly changeCount: number;
  /**
   * Set when the changes are too many for memory: `tables` then names the tables and holds no change, and these are the changes,
   * part by part, to be applied in this order and in one sink transaction. They can be read again.
   */
  readonly parts?: () => AsyncIterable<readonly TableChanges[]>;
  /** What the changes came in, for a sink that tells consumers where a change stands in the source's history. */
  readonly transactions?: readonly SourceTransaction[];
  /** Of the matrix that it was decided under, for the same. */
  readonly matrixVersion?: number;
}
