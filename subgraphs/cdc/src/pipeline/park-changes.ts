import type { Lsn } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { ChangePlace, DeadLetter, DeadLetterLimits, ParkedChange } from '../domain/dead-letter.ts';
import { encodePayload } from '../domain/dead-letter-payload.ts';
import { splitParked } from '../domain/dead-letter-split.ts';
import type { TableChanges } from '../domain/delivery.ts';
import { tableKey } from '../domain/relation.ts';
import type { RouteContext } from './route-context.ts';

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

/** What a batch is after the changes that must wait were taken out. */
export interface Sorted {
  readonly flowing: readonly TableChanges[];
  readonly parked: readonly {
    readonly table: TableChanges['table'];
    readonly changes: readonly ParkedChange[];
  }[];
}

/** What a running route sets aside. A key stays locked, here and in the store, until its dead letters are resolved. */
export interface Parking {
  readonly limits: DeadLetterLimits;
  /** Takes out what waits: changes of locked keys, and those that the sink was found to refuse. */
  sort(
    tables: readonly TableChanges[],
    transactions: readonly SourceTransaction[],
    refused: ReadonlyMap<Change, string>,
  ): Promise<Sorted>;
  /** Makes what waits durable. Only then may the checkpoint pass it, and `passed` locks its keys for the batches after. */
  park(sorted: Sorted, transactions: readonly SourceTransaction[]): Promise<void>;
  passed(): void;
  /** How many changes the route would hold open with these. */
  countWith(sorted: Sorted): number;
  /** The table leaves the stream and will be copied in full: its dead letters have nothing to say any more. */
  supersede(table: TableName, reason: string): Promise<void>;
}

/** Starts with the locks in the store; the dead letters that a later copy of their table holds end here. */
export async function createParking(
  context: Pick<RouteContext, 'deadLetters' | 'deadLetterLimits' | 'log' | 'route'>,
  startOf: (table: TableName) => Lsn,
): Promise<Parking> {
  const { deadLetters: box, deadLetterLimits: limits, log, route } = context;
  const open = new Map<string, readonly OpenLetter[]>();
  let staged: readonly OpenLetter[] = [];
  let alerted = false;

  hold(await box.open());
  for (const [key, letters] of [...open]) {
    const [first] = letters;
    if (first !== undefined) await end(first, 'the table was copied in full', startOf(first));
    if (open.get(key)?.length === 0) open.delete(key);
  }

  function hold(letters: readonly OpenLetter[]): void {
    for (const letter of letters) {
      const known = open.get(tableKey(letter)) ?? [];
      if (!known.some((other) => samePlace(other, letter))) open.set(tableKey(letter), [...known, letter]);
    }
  }

  /** `before` null: all of them. */
  async function end(table: TableName, reason: string, before: Lsn | null): Promise<void> {
    const known = open.get(tableKey(table)) ?? [];
    const kept = before === null ? [] : known.filter((letter) => letter.commitLsn >= before);
    if (kept.length === known.length) return;
    await box.supersede(table, reason, before);
    if (kept.length === 0) open.delete(tableKey(table));
    else open.set(tableKey(table), kept);
    log.info({ event: 'dead_letters.superseded', route: route.name, table: tableKey(table), reason });
  }

  return {
    limits,
    async sort(tables, transactions, refused) {
      // Nothing waits and nothing was refused: the usual batch pays for two looks.
      if (refused.size === 0 && open.size === 0) return { flowing: tables, parked: [] };
      const placeOf = placesOf(transactions);
      const flowing: TableChanges[] = [];
      const parked: Sorted['parked'][number][] = [];
      for (const { table, changes } of tables) {
        const letters = open.get(tableKey(table.relation)) ?? [];
        const locks = new Set(letters.flatMap(({ keys }) => keys));
        const places = new Set(letters.map(placeText));
        const waits = new Map<Change, string | null>(refused);
        // A batch that is formed again parks what it parked before, whatever the sink would say of it by now.
        if (places.size > 0) {
          for (const change of changes) {
            if (places.has(placeText(placeOf(change)))) waits.set(change, refused.get(change) ?? null);
          }
        }
        const split = splitParked(table.relation, changes, locks, waits);
        if (split.truncate !== null) {
          await end(table.relation, 'the table was truncated', placeOf(split.truncate).commitLsn);
        }
        if (split.flowing.length > 0) flowing.push({ table, changes: split.flowing });
        if (split.parked.length > 0) parked.push({ table, changes: split.parked });
      }
      return { flowing, parked };
    },
    async park({ parked }, transactions) {
      if (parked.length === 0) return;
      const placeOf = placesOf(transactions);
      const letters = parked.flatMap(({ table, changes }) =>
        changes.map((waiting) => toLetter(table.relation, waiting, placeOf(waiting.change))),
      );
      await box.park(letters);
      staged = letters.map(({ relation, commitLsn, ordinal, keys }) => ({
        schema: relation.schema,
        table: relation.table,
        commitLsn,
        ordinal,
        keys,
      }));
    },
    passed() {
      if (staged.length === 0) return;
      hold(staged);
      staged = [];
      const waiting = countOpen(open);
      log.warn({ event: 'dead_letters.parked', route: route.name, open: waiting });
      if (waiting < limits.alertAt || alerted) return;
      alerted = true;
      log.error({
        event: 'dead_letters.alert',
        route: route.name,
        open: waiting,
        fix: `\`spine cdc deadletters ${route.name}\` lists them; mend the cause, then replay them.`,
      });
    },
    countWith: ({ parked }) => parked.reduce((sum, { changes }) => sum + changes.length, countOpen(open)),
    supersede: (table, reason) => end(table, reason, null),
  };
}

function toLetter(
  relation: DeadLetter['relation'],
  { change, sqlState, keys }: ParkedChange,
  place: ChangePlace,
): DeadLetter {
  if (change.kind === 'truncate') throw new Error('a truncate is never parked');
  return {
    ...place,
    relation,
    state: sqlState === null ? 'parked_behind' : 'failed',
    reason:
      sqlState === null
        ? 'waits behind another change of its key'
        : `the sink refused it (SQLSTATE ${sqlState})`,
    keys,
    payload: encodePayload(change),
  };
}

function countOpen(open: ReadonlyMap<string, readonly OpenLetter[]>): number {
  return [...open.values()].reduce((sum, letters) => sum + letters.length, 0);
}

/** Finds where changes stand in the source's history; numbers count within (commit, table), whatever else the commit holds. */
function placesOf(transactions: readonly SourceTransaction[]): (change: Change) => ChangePlace {
  const places = new Map<Change, ChangePlace>();
  for (const { commitLsn, changes } of transactions) {
    const counts = new Map<string, number>();
    for (const change of changes) {
      const key = tableKey(change.relation);
      const ordinal = counts.get(key) ?? 0;
      counts.set(key, ordinal + 1);
      places.set(change, { commitLsn, ordinal });
    }
  }
  return (change) => {
    const place = places.get(change);
    if (place === undefined) throw new Error("a change stands in one of its batch's transactions");
    return place;
  };
}

function samePlace(one: ChangePlace, other: ChangePlace): boolean {
  return one.commitLsn === other.commitLsn && one.ordinal === other.ordinal;
}

function placeText({ commitLsn, ordinal }: ChangePlace): string {
  return `${commitLsn}/${ordinal}`;
}
