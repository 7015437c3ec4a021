import type { Lsn } from '@spine/kernel/lsn';
import type { SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import type { SlotHealth } from '../domain/slot-danger.ts';

/** What the stream has ready: whole transactions in commit order, or only a position that nothing lies before. */
export interface SourceTake {
  readonly transactions: readonly SourceTransaction[];
  /** Everything of the route up to here has been taken (idle positions of keepalives included). */
  readonly position: Lsn;
}

export interface TakeLimits {
  readonly maxChanges: number;
  readonly maxBytes: number;
  /** Do not take a transaction that ends beyond this: forms exactly the batch of a leaf again. */
  readonly until?: Lsn;
  /** Wait at most this long for something to take; then answer what there is, perhaps nothing. */
  readonly waitMs: number;
}

/**
 * A running stream of one slot. A lost connection, or a message that cannot be understood, lets what had arrived whole be
 * taken; then every take rejects with the cause. Relations keep their object identity while the table stays as it is.
 */
export interface ChangeStream {
  take(limits: TakeLimits, signal: AbortSignal): Promise<SourceTake>;
  /** Confirms what the sink has made durable; moves the slot. */
  acknowledge(position: Lsn): void;
  /** Newest position the server has told of, for lag in bytes. */
  serverPosition(): Lsn;
  close(): Promise<void>;
}

export interface SourceIdentity {
  readonly systemId: string;
  readonly timeline: number;
  readonly database: string;
  readonly serverVersion: number;
  readonly flushPosition: Lsn;
  /** Where earlier timelines were left; empty on the first one. Without it no promotion can be proven harmless. */
  readonly timelineSwitches?: readonly TimelineSwitch[];
}

/** A promotion: `timeline` ended at `at`. */
export interface TimelineSwitch {
  readonly timeline: number;
  readonly at: Lsn;
}

/** A snapshot that other sessions can import; lives until `release`. */
export interface ExportedSnapshot {
  readonly name: string;
  /** Transactions that end at or before this point are in the snapshot; later ones come over the stream. */
  readonly consistentPoint: Lsn;
  release(): Promise<void>;
}

/** The OLTP side of one route. Errors of the world rise as they are; faults of set-up are Problems that name the fix. */
export interface ChangeSource {
  identify(): Promise<SourceIdentity>;
  /**
   * Tables that match the patterns (`schema.table`, globs allowed), with key, identity, estimated rows. A table that is named
   * exactly and is missing, or cannot be replicated, is a Problem; a glob passes over it and the log says why.
   */
  listTables(patterns: readonly string[]): Promise<readonly CatalogTable[]>;
  /**
   * Creates or alters both publications so that they offer exactly these tables: those with a key with all their changes, the
   * others with inserts and truncates only, so that no update or delete of the source's own is ever refused because of us.
   * Without any table it drops both.
   */
  publish(tables: readonly CatalogTable[]): Promise<void>;
  findSlot(): Promise<SlotState | null>;
  /** Creates the route's slot and keeps its snapshot exported. Both publications must stand before. */
  createSlot(): Promise<ExportedSnapshot>;
  /** A snapshot by a temporary slot, for tables that join a running route. */
  exportSnapshot(): Promise<ExportedSnapshot>;
  dropSlot(): Promise<void>;
  /** What the slot costs the source, and whether it still stands; null when there is none. */
  slotHealth?(): Promise<SlotHealth | null>;
  /** Drops the slot on purpose, even while it is read. */
  giveUpSlot?(): Promise<void>;
  /** Rows of one table as a stream of COPY binary (header and trailer included), under an exported snapshot. */
  copyTable(relation: Relation, snapshotName: string, signal: AbortSignal): Promise<NodeJS.ReadableStream>;
  /** Updates and deletes of each table so far, by oid: a rise on a table without a key means that it has diverged. */
  countRewrites(relations: readonly Relation[]): Promise<ReadonlyMap<number, bigint>>;
  stream(from: Lsn): Promise<ChangeStream>;
  close(): Promise<void>;
}

export interface CatalogTable {
  readonly relation: Relation;
  readonly estimatedRows: number;
}

export interface SlotState {
  readonly name: string;
  readonly active: boolean;
  readonly confirmedFlush: Lsn | null;
  readonly walStatus: string;
  readonly invalidationReason: string | null;
  readonly plugin: string;
}
