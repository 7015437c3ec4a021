import type { Lsn } from '@spine/kernel/lsn';
import type { LetterPlace } from '../domain/dead-letter-box.ts';
import type { Batch, DeliveredTable } from '../domain/delivery.ts';

export interface Checkpoint {
  readonly lsn: Lsn;
  readonly changes: bigint;
  readonly systemId: string;
  readonly timeline: number;
  readonly slot: string;
  readonly updatedAt: Date;
}

/** A table whose snapshot is complete at the sink. */
export interface SinkTable {
  readonly schema: string;
  readonly table: string;
  readonly startLsn: Lsn;
  readonly rows: bigint;
  readonly contractVersion: number;
}

/** The right to write, taken by raising the epoch on the connection that will write. */
export interface SinkSession {
  readonly epoch: bigint;
  /** The checkpoint read by the statement that raised the epoch; null on a route's first start. */
  readonly checkpoint: Checkpoint | null;
  readonly tables: readonly SinkTable[];
  /** Records the first position of a new slot (or of a slot made anew); fenced. */
  initialise(first: Omit<Checkpoint, 'changes' | 'updatedAt'>): Promise<void>;
  /** The source was promoted and continues what was delivered: from now on the checkpoint belongs to this timeline; fenced. */
  followTimeline?(timeline: number): Promise<void>;
  /** Creates or evolves the sink table to the delivered shape. Faults are Problems that name the fix. */
  prepareTable(table: DeliveredTable): Promise<void>;
  /** Forgets a table's snapshot, so that it is copied again. */
  forgetTable(schema: string, table: string): Promise<void>;
  /**
   * Copies one table in one sink transaction: fence, empty, COPY, `_spine.route_table` row. `beforeCommit` runs when all rows
   * are in and before the commit (the leaf is written there); when it throws, nothing stays.
   */
  copyTable(input: CopyInput): Promise<{ readonly rows: bigint }>;
  /** Whether `deliver` reads a batch by its `parts`; a sink that does not gets every batch whole, however large. */
  readonly takesParts?: boolean;
  /** Set by a sink whose writes cannot be withheld from every reader: what it gets has its leaf already. */
  readonly leafFirst?: boolean;
  /** Begins and applies; the answer waits for `commit` or `rollback`. Throws FencedOut when the epoch was raised. */
  deliver(batch: Batch): Promise<Delivery>;
  /** How dead letters are delivered again; a sink without it cannot. */
  readonly replays?: LetterReplays;
  /** Moves the checkpoint without rows (idle positions, batches whose every table was withheld); fenced. */
  advance(position: Lsn): Promise<void>;
  close(): Promise<void>;
}

/** Dead letters delivered again: their rows and a mark for each in one sink transaction, while the checkpoint stays where it is. */
export interface LetterReplays {
  /** Begins and applies a batch that ends at the checkpoint, and marks the letters; every constraint is checked by then. */
  deliver(batch: Batch, letters: readonly LetterPlace[]): Promise<Delivery>;
  /** Those of the letters that are marked: their rows are here already. */
  marked(letters: readonly LetterPlace[]): Promise<readonly LetterPlace[]>;
  /** Takes marks away that nobody needs any more, for their letters are resolved. */
  unmark(letters: readonly LetterPlace[]): Promise<void>;
}

export interface CopyInput {
  readonly table: DeliveredTable;
  /** The batch under which the copy is decided, and the matrix of that decision, for a sink that tells its consumers. */
  readonly decision?: { readonly batchId: string; readonly matrixVersion: number };
  readonly startLsn: Lsn;
  readonly rows: NodeJS.ReadableStream;
  readonly onProgress: (rows: number) => void;
  readonly beforeCommit: (rows: number) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface Delivery {
  /** Has what waits for the commit checked now (deferred constraints); it then stands as if it had failed in `deliver`. */
  check?(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** One destination of one route. */
export interface Sink {
  /** Checks reachability and privileges, creates `_spine`; takes the advisory lock; raises the epoch. */
  takeOver(signal: AbortSignal): Promise<SinkSession>;
  close(): Promise<void>;
}

/** Another worker has raised the epoch: stop, take over again, never retry the write. */
export class FencedOut extends Error {
  override readonly name = 'FencedOut';
  constructor(route: string) {
    super(`route ${route}: another worker holds the sink`);
  }
}
