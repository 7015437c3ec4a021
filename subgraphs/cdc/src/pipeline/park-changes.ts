import { formatLsn, type Lsn } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { ChangePlace, DeadLetter, DeadLetterLimits, ParkedChange } from '../domain/dead-letter.ts';
import { encodePayload } from '../domain/dead-letter-payload.ts';
import { splitParked } from '../domain/dead-letter-split.ts';
import type { TableChanges } from '../domain/delivery.ts';
import { isInsertOnly, type Relation, tableKey } from '../domain/relation.ts';
import type { RouteContext } from './route-context.ts';

/** The dead letters of one route, in the worker's own store. */
export interface DeadLetterBox {
  /** Those that are open, for the locks that they hold. */
  open(): Promise<readonly OpenLetter[]>;
  /** Keeps them; what stands there already (a batch formed again) stays as it is. */
  park(letters: readonly DeadLetter[]): Promise<void>;
  /** Ends those of a table, or only those of commits before a position, and takes their payloads away. */
  supersede(table: TableName, reason: string, before?: Lsn): Promise<void>;
}

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

export interface OpenLetter extends ChangePlace, TableName {
  readonly keys: readonly string[];
}

/** What a running route sets aside. Keys stay locked, here and in the store, until their dead letters are resolved. */
export interface Parking {
  /** What of a batch's table flows, and what waits, given the changes that the sink was found to refuse. */
  split(changes: TableChanges, refused: ReadonlyMap<Change, string>): readonly ParkedChange[];
  /** Makes what waits durable. Only then may the checkpoint pass it. False: it is too much, and nothing was kept. */
  park(
    parked: ReadonlyMap<Relation, readonly ParkedChange[]>,
    transactions: readonly SourceTransaction[],
  ): Promise<boolean>;
  /** The table is emptied, or leaves the stream and will be copied in full: its dead letters have nothing to say any more. */
  supersede(table: TableName, reason: string): Promise<void>;
  readonly limits: DeadLetterLimits;
}

/** Starts with the locks in the store; a table that was copied since has none of those that its copy holds. */
export async function createParking(
  context: Pick<RouteContext, 'deadLetters' | 'deadLetterLimits' | 'log' | 'route'>,
  startOf: (table: TableName) => Lsn,
): Promise<Parking> {
  const { deadLetters: box, deadLetterLimits: limits, log, route } = context;
  const tables = new Map<string, { locks: Set<string>; places: Set<string> }>();
  let alerted = false;

  for (const letter of await box.open()) {
    const start = startOf(letter);
    if (letter.commitLsn < start) await box.supersede(letter, 'the table was copied in full', start);
    else note(letter, letter);
  }

  function note(table: TableName, letter: ChangePlace & { readonly keys: readonly string[] }): void {
    const known = tables.get(tableKey(table)) ?? { locks: new Set(), places: new Set() };
    for (const key of letter.keys) known.locks.add(key);
    known.places.add(`${formatLsn(letter.commitLsn)} ${letter.ordinal}`);
    tables.set(tableKey(table), known);
  }

  function count(): number {
    return [...tables.values()].reduce((sum, { places }) => sum + places.size, 0);
  }

  return {
    limits,
    split(changes, refused) {
      return [];
    },
  };
}
