import type { Lsn } from '@spine/kernel/lsn';
import type { BoundContract } from '../clients/registry.ts';
import type { DeliveredTable } from '../domain/delivery.ts';
import type { LeafDecision } from '../domain/leaf.ts';
import type { Relation } from '../domain/relation.ts';
import type { TableState } from '../domain/route-state.ts';

/** One table of a running route: its shape, its contract, the decision it stands under, and from where it is streamed. */
export interface ActiveTable {
  readonly relation: Relation;
  readonly contract: BoundContract;
  /** Digest of the matrix under which `decision` was made. */
  readonly decidedUnder: string;
  /** The decision without counts; a batch fills in its rows. */
  readonly decision: LeafDecision;
  /** Null when policy denies the table: its rows are withheld. */
  readonly delivered: DeliveredTable | null;
  readonly state: TableState;
  /** Transactions that end at or before this point are in the table's snapshot. */
  readonly startLsn: Lsn;
}

/** The contract refused the table's shape: its rows are withheld until `spine apply` copies it again. */
export interface StoppedTable {
  readonly relation: Relation;
  readonly stopped: string;
}
