import { invariant } from '@spine/kernel/invariant';
import type { Lsn } from '@spine/kernel/lsn';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { ChangePlace, DeadLetter, DeadLetterLimits, ParkedChange } from '../domain/dead-letter.ts';
import type { LetterPlace, OpenLetter, TableName } from '../domain/dead-letter-box.ts';
import { encodePayload, shapeDigest } from '../domain/dead-letter-payload.ts';
import { splitParked } from '../domain/dead-letter-split.ts';
import type { TableChanges } from '../domain/delivery.ts';
import { tableKey } from '../domain/relation.ts';
import type { RouteContext } from './route-context.ts';

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
  /** Whether changes of the table may have to wait behind others. */
  holds(table: TableName): boolean;
  /** Takes out what waits: changes of locked keys, and those that the sink was found to refuse. */
  sort(
    tables: readonly TableChanges[],
    transactions: readonly SourceTransaction[],
    refused: ReadonlyMap<Change, string>,
  ): Promise<Sorted>;
  /** How many changes the route would hold open with these. */
  countWith(sorted: Sorted, transactions: readonly SourceTransaction[]): number;
  /** Makes what waits durable, and locks its keys. Only then may the checkpoint pass it. */
  park(sorted: Sorted, transactions: readonly SourceTransaction[]): Promise<void>;
  /** The table leaves the stream and will be copied in full: its dead letters have nothing to say any more. */
  supersede(table: TableName, reason: string): Promise<void>;
  /** Those that wait, in the order of their positions. */
  waiting(): readonly OpenLetter[];
  /** Lets keys go whose dead letters are resolved. */
  release(letters: readonly LetterPlace[]): void;
}

/**
 * Starts with the locks in the store. `startOf` answers from which position a table is streamed, null when it is not: the dead
 * letters before it end here, for the copy holds their rows.
 */
export async function createParking(
  context: Pick<RouteContext, 'deadLetters' | 'deadLetterLimits' | 'log' | 'route'>,
  startOf: (table: TableName) => Lsn | null,
): Promise<Parking> {
  const { deadLetters: box, deadLetterLimits: limits, log, route } = context;
  /** By table, then by place. */
  const open = new Map<string, Map<string, OpenLetter>>();
  let alerted = false;

  hold(await box.open());
  for (const letters of [...open.values()]) {
    const [first] = letters.values();
    if (first === undefined) continue;
    const start = startOf(first);
    if (start === null) await end(first, leftTheStream, null);
    else await end(first, 'the table was copied in full', start);
  }

  function hold(letters: readonly OpenLetter[]): void {
    for (const letter of letters) {
      const known = open.get(tableKey(letter)) ?? new Map<string, OpenLetter>();
      open.set(tableKey(letter), known.set(placeText(letter), letter));
    }
    tell();
  }

  /** Ends those of commits before a position; null: all of them. */
  async function end(table: TableName, reason: string, before: Lsn | null): Promise<void> {
    const known = open.get(tableKey(table));
    if (known === undefined) return;
    const ended = [...known].filter(([, letter]) => before === null || letter.commitLsn < before);
    if (ended.length === 0) return;
    await box.supersede(table, reason, before);
    forget(ended.map(([, letter]) => letter));
    log.info({ event: 'dead_letters.superseded', route: route.name, table: tableKey(table), reason });
  }

  function forget(letters: readonly LetterPlace[]): void {
    for (const letter of letters) {
      const known = open.get(tableKey(letter));
      known?.delete(placeText(letter));
      if (known?.size === 0) open.delete(tableKey(letter));
    }
    tell();
  }

  function tell(): void {
    const waiting = countOpen();
    if (waiting < limits.alertAt) alerted = false;
    if (waiting < limits.alertAt || alerted) return;
    alerted = true;
    log.error({
      event: 'dead_letters.alert',
      route: route.name,
      open: waiting,
      alertAt: limits.alertAt,
      fix: `Mend the cause, then \`spine cdc replay ${route.name}\`; \`spine cdc deadletters ${route.name}\` shows the reasons.`,
    });
  }

  function countOpen(): number {
    let count = 0;
    for (const letters of open.values()) count += letters.size;
    return count;
  }

  return {
    limits,
    release: forget,
    waiting: () => [...open.values()].flatMap((letters) => [...letters.values()]).sort(byPlace),
    holds: (table) => open.has(tableKey(table)),
    async sort(tables, transactions, refused) {
      // Nothing waits and nothing was refused: the usual batch pays for two looks.
      if (refused.size === 0 && open.size === 0) return { flowing: tables, parked: [] };
      const start = transactions[0]?.commitLsn ?? 0n;
      const placeOf = placesOf(transactions);
      const flowing: TableChanges[] = [];
      const parked: Sorted['parked'][number][] = [];
      for (const run of tables) {
        const { table, changes } = run;
        const letters = [...(open.get(tableKey(table.relation))?.values() ?? [])];
        if (letters.length === 0 && !changes.some((change) => refused.has(change))) {
          flowing.push(run);
          continue;
        }
        const locks = new Set<string>();
        for (const { commitLsn, keys } of letters)
          if (commitLsn < start) for (const key of keys) locks.add(key);
        // A batch that is formed again parks what it parked before, whatever the sink would say of it by now.
        const waits = new Map<Change, string | null>(refused);
        const again = new Set(letters.filter(({ commitLsn }) => commitLsn >= start).map(placeText));
        if (again.size > 0) {
          for (const change of changes) {
            if (again.has(placeText(placeOf(change)))) waits.set(change, refused.get(change) ?? null);
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
    countWith({ parked }, transactions) {
      if (parked.length === 0) return countOpen();
      const placeOf = placesOf(transactions);
      let count = countOpen();
      for (const { table, changes } of parked) {
        const known = open.get(tableKey(table.relation));
        for (const { change } of changes) if (known?.has(placeText(placeOf(change))) !== true) count += 1;
      }
      return count;
    },
    async park({ parked }, transactions) {
      if (parked.length === 0) return;
      const placeOf = placesOf(transactions);
      const letters = parked.flatMap(({ table, changes }) =>
        changes.map((waiting) => toLetter(table.relation, waiting, placeOf(waiting.change))),
      );
      await box.park(letters);
      log.warn({ event: 'dead_letters.parked', route: route.name, parked: letters.length });
      hold(
        letters.map(({ relation, commitLsn, ordinal, keys }) => ({
          schema: relation.schema,
          table: relation.table,
          commitLsn,
          ordinal,
          keys,
          shape: shapeDigest(relation),
        })),
      );
    },
    supersede: (table, reason) => end(table, reason, null),
  };
}

/** Why dead letters end whose table is stopped, cut off or not in the route any more. */
export const leftTheStream = 'the table left the stream; it is copied in full before it flows again';

function toLetter(
  relation: DeadLetter['relation'],
  { change, sqlState, keys }: ParkedChange,
  place: ChangePlace,
): DeadLetter {
  invariant(change.kind !== 'truncate', 'a truncate is never parked');
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

/** Finds where changes stand in the source's history; numbers count within (commit, table), whatever else the commit holds. */
function placesOf(transactions: readonly SourceTransaction[]): (change: Change) => ChangePlace {
  let places: Map<Change, ChangePlace> | null = null;
  return (change) => {
    places ??= listPlaces(transactions);
    const place = places.get(change);
    invariant(place !== undefined, "a change stands in one of its batch's transactions");
    return place;
  };
}

function listPlaces(transactions: readonly SourceTransaction[]): Map<Change, ChangePlace> {
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
  return places;
}

function byPlace(one: ChangePlace, other: ChangePlace): number {
  if (one.commitLsn === other.commitLsn) return one.ordinal - other.ordinal;
  return one.commitLsn < other.commitLsn ? -1 : 1;
}

function placeText({ commitLsn, ordinal }: ChangePlace): string {
  return `${commitLsn}/${ordinal}`;
}
