import type { Lsn } from '@spine/kernel/lsn';
import type { ChangePlace, DeadLetter } from './dead-letter.ts';

/** A table of a route, whatever its shape. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** A dead letter that is not resolved, without its payload. */
export interface OpenLetter extends ChangePlace, TableName {
  readonly keys: readonly string[];
  /** Digest of the columns under which its payload was written. */
  readonly shape: string;
}

/** Where a dead letter stands: its table and its place in the source's history. */
export type LetterPlace = TableName & ChangePlace;

/** A dead letter as it is delivered again. */
export interface StoredLetter extends OpenLetter {
  readonly payload: Buffer;
}

/** Somebody asks for dead letters to be delivered again: all of the route, or those of some tables (`schema.table`). */
export interface ReplayRequest {
  readonly id: bigint;
  readonly tables: readonly string[];
  /** Tells what would happen and takes it back. */
  readonly dryRun: boolean;
  readonly by: string;
}

/** How a replay went, counted in dead letters. */
export interface ReplayedTable {
  readonly table: string;
  readonly delivered: number;
  /** Still refused, or held back by one of their keys that is. */
  readonly refused: number;
  /** Why those stay. */
  readonly reasons: readonly string[];
}

/** The dead letters of one route, in the worker's own store. */
export interface DeadLetterBox {
  open(): Promise<readonly OpenLetter[]>;
  /** Keeps them; what stands there already (a batch formed again) stays as it is. */
  park(letters: readonly DeadLetter[]): Promise<void>;
  /** Ends those of a table (only those of commits before a position, when given) and takes their payloads away. */
  supersede(table: TableName, reason: string, before: Lsn | null): Promise<void>;
  /** The payloads of these, in order of their positions; one that was ended meanwhile is left out. */
  read(letters: readonly LetterPlace[]): Promise<readonly StoredLetter[]>;
  /** Ends these: their rows are at the sink. */
  resolve(letters: readonly LetterPlace[], by: string): Promise<void>;
  /** The oldest replay that nobody has finished. */
  nextReplay(): Promise<ReplayRequest | null>;
  finishReplay(id: bigint, tables: readonly ReplayedTable[]): Promise<void>;
}

/** One text for each place, whatever the table's shape. */
export function letterPlaceText({ schema, table, commitLsn, ordinal }: LetterPlace): string {
  return `${schema}.${table}/${commitLsn}/${ordinal}`;
}
