import type { Lsn } from '@spine/kernel/lsn';
import type { ReplicaIdentity } from '../domain/relation.ts';

/** One column as an R message describes it. */
export interface RelationMessageColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typeModifier: number;
  /** Part of the replica identity; under REPLICA IDENTITY FULL every column is. */
  readonly inIdentity: boolean;
}

/** An R message: what the tuples that follow look like. The real primary key stands only in the catalogue. */
export interface RelationMessage {
  readonly kind: 'relation';
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly identity: ReplicaIdentity;
  readonly columns: readonly RelationMessageColumn[];
}

/**
 * What pgoutput says, protocol version 2 with logical messages and streaming of open transactions; tuples are as `Change` holds
 * them.
 */
export type PgoutputMessage =
  | {
      readonly kind: 'begin';
      readonly finalLsn: Lsn;
      readonly committedAtMs: number;
      readonly xid: number;
    }
  | {
      readonly kind: 'commit';
      readonly commitLsn: Lsn;
      readonly endLsn: Lsn;
      readonly committedAtMs: number;
    }
  | RelationMessage
  | { readonly kind: 'type'; readonly oid: number; readonly schema: string; readonly name: string }
  | { readonly kind: 'insert'; readonly oid: number; readonly after: Buffer }
  | {
      readonly kind: 'update';
      readonly oid: number;
      readonly before: Buffer | null;
      readonly beforeKind: 'K' | 'O' | null;
      readonly after: Buffer;
    }
  | {
      readonly kind: 'delete';
      readonly oid: number;
      readonly before: Buffer;
      readonly beforeKind: 'K' | 'O';
    }
  | {
      readonly kind: 'truncate';
      readonly oids: readonly number[];
      readonly cascade: boolean;
      readonly restartIdentity: boolean;
    }
  | {
      readonly kind: 'message';
      readonly transactional: boolean;
      readonly lsn: Lsn;
      readonly prefix: string;
      readonly content: Buffer;
    }
  | { readonly kind: 'origin'; readonly name: string }
  /** What follows up to the stop belongs to this open transaction. */
  | { readonly kind: 'stream_start'; readonly xid: number }
  | { readonly kind: 'stream_stop' }
  | {
      readonly kind: 'stream_commit';
      readonly xid: number;
      readonly commitLsn: Lsn;
      readonly endLsn: Lsn;
      readonly committedAtMs: number;
    }
  /** A subtransaction of an open transaction is rolled back; with the same number twice, the transaction itself. */
  | { readonly kind: 'stream_abort'; readonly xid: number; readonly subxid: number };

/** A message between stream start and stream stop, and the (sub)transaction that it belongs to. */
export interface BlockMessage {
  readonly subxid: number;
  readonly message: PgoutputMessage;
}
