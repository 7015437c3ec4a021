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
}

/** The dead letters of one route, in the worker's own store. */
export interface DeadLetterBox {
  open(): Promise<readonly OpenLetter[]>;
  /** Keeps them; what stands there already (a batch formed again) stays as it is. */
  park(letters: readonly DeadLetter[]): Promise<void>;
  /** Ends those of a table (only those of commits before a position, when given) and takes their payloads away. */
  supersede(table: TableName, reason: string, before: Lsn | null): Promise<void>;
}
