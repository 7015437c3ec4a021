import { parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import { openSide, type Side, type SideView } from '../clients/verify/read-rows.ts';
import type { DeliveredTable } from '../domain/delivery.ts';
import { type Relation, tableKey } from '../domain/relation.ts';
import { type BucketSums, createBucketSums } from '../domain/verify/bucket-sums.ts';
import { compareRows, type RowDifference, settled } from '../domain/verify/compare-rows.ts';
import { bucketCount, type RowDigest } from '../domain/verify/row-digest.ts';

/** What a verification says while it goes on. */
export type VerifyEvent =
  | { readonly kind: 'table'; readonly table: string; readonly estimatedRows: number }
  | {
      readonly kind: 'progress';
      readonly table: string;
      readonly side: 'source' | 'sink';
      readonly rows: number;
    }
  | VerifiedTable;

export interface VerifiedTable {
  readonly kind: 'result';
  readonly table: string;
  /** `unsettled`: rows differ that changed at every look; look again when there is less to do. */
  readonly status: 'equal' | 'unequal' | 'unsettled';
  readonly sourceRows: number;
  readonly sinkRows: number;
  /** The first of them; keys as they stand at the sink. */
  readonly differences: readonly Pick<RowDifference, 'kind' | 'key'>[];
  readonly differing: number;
  /** So much differs that not all of it was looked at closely: there are more than `differing`. */
  readonly partial: boolean;
}

export interface VerifyInput {
  readonly route: string;
  readonly sourceUrl: string;
  readonly sinkUrl: string;
  readonly tables: readonly { readonly delivered: DeliveredTable; readonly estimatedRows: number }[];
  /** The checkpoint of the route at its sink, or null. */
  readonly checkpoint: () => Promise<string | null>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const looks = 6;
const patienceMs = 60_000;
const namedAtMost = 100;
/** Rows of one side held at once when single rows are compared. */
const rowsAtMost = 200_000;

/**
 * Compares each table at the source, as policy lets it leave, with the sink, while the route runs. A look reads the source,
 * waits until the route has delivered what it showed, and reads the sink; where content differs it looks again, at those
 * rows alone, until they agree or stand unchanged and different. Throws TIMEOUT when the route does not come so far.
 */
export async function* verifyRoute(input: VerifyInput): AsyncGenerator<VerifyEvent> {
  const tables = input.tables.map(({ delivered }) => createComparison(delivered));
  for (const { delivered, estimatedRows } of input.tables) {
    yield { kind: 'table', table: tableKey(delivered.relation), estimatedRows };
  }
  yield* look(input, async function* (side, view) {
    for (const each of tables) yield* each.sum(side, view);
  });
  let open = tables;
  for (let n = 1; open.length > 0; n += 1) {
    const left: Comparison[] = [];
    for (const each of open) {
      const result = each.result(n === looks);
      if (result === null) left.push(each);
      else yield result;
    }
    open = left;
    if (open.length === 0) return;
    yield* look(input, async function* (side, view) {
      for (const each of open) yield* each.collect(side, view);
    });
    for (const each of open) each.compare();
  }
}

/** One table between its looks. */
interface Comparison {
  /** The first look: all rows, as sums. */
  sum(side: Side, view: SideView): AsyncGenerator<VerifyEvent>;
  /** A further look: the rows of what differs. */
  collect(side: Side, view: SideView): AsyncGenerator<VerifyEvent>;
  compare(): void;
  /** Null while it takes another look. */
  result(isLast: boolean): VerifiedTable | null;
}

function createComparison(table: DeliveredTable): Comparison {
  const name = tableKey(table.relation);
  const sums: Record<Side, BucketSums> = { source: createBucketSums(), sink: createBucketSums() };
  let rows: Record<Side, RowDigest[]> = { source: [], sink: [] };
  let found: readonly RowDifference[] | null = null;
  let stands: readonly RowDifference[] = [];
  let buckets: ReadonlySet<number> | null = null;
  let partial = false;

  function chooseBuckets(): ReadonlySet<number> {
    const differing = sums.source.differing(sums.sink);
    const perBucket = Math.ceil(Math.max(sums.source.rows(), sums.sink.rows(), 1) / bucketCount);
    const chosen = new Set(differing.slice(0, Math.max(1, Math.floor(rowsAtMost / perBucket))));
    partial = chosen.size < differing.length;
    return chosen;
  }

  function end(status: VerifiedTable['status'], differences: readonly RowDifference[]): VerifiedTable {
    return {
      kind: 'result',
      table: name,
      status,
      sourceRows: sums.source.rows(),
      sinkRows: sums.sink.rows(),
      differences: differences.slice(0, namedAtMost).map(({ kind, key }) => ({ kind, key })),
      differing: differences.length,
      partial,
    };
  }

  return {
    async *sum(side, view) {
      for await (const some of view.rows(table, null)) {
        for (const row of some) sums[side].add(row);
        yield { kind: 'progress', table: name, side, rows: sums[side].rows() };
      }
    },
    async *collect(side, view) {
      for await (const some of view.rows(table, buckets)) {
        rows[side].push(...some);
        yield { kind: 'progress', table: name, side, rows: rows[side].length };
      }
    },
    compare() {
      const now = compareRows(rows.source, rows.sink);
      stands = settled(now, found ?? []);
      found = now;
      rows = { source: [], sink: [] };
    },
    result(isLast) {
      buckets ??= chooseBuckets();
      if (buckets.size === 0) return end('equal', []);
      if (found === null) return null;
      if (found.length === 0 && !partial) return end('equal', []);
      // Whatever was on its way has had a whole look to arrive.
      if (found.length > 0 && stands.length === found.length) return end('unequal', found);
      if (!isLast) return null;
      return end(stands.length > 0 || partial ? 'unequal' : 'unsettled', found);
    },
  };
}

type Reading = (side: Side, view: SideView) => AsyncGenerator<VerifyEvent>;

/** Reads the source, waits for the route, reads the sink. */
async function* look(input: VerifyInput, read: Reading): AsyncGenerator<VerifyEvent> {
  const source = await openSide(input.sourceUrl, 'source', input.route);
  try {
    yield* read('source', source);
  } finally {
    await source.close();
  }
  await untilDelivered(input, source.position);
  const sink = await openSide(input.sinkUrl, 'sink', input.route);
  try {
    yield* read('sink', sink);
  } finally {
    await sink.close();
  }
}

async function untilDelivered(
  { checkpoint, clock, signal, route }: VerifyInput,
  position: string,
): Promise<void> {
  const wanted = parseLsn(position);
  const deadline = clock.now().getTime() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const reached = await checkpoint();
    if (reached !== null && parseLsn(reached) >= wanted) return;
    if (clock.now().getTime() > deadline) {
      throw new Problem(
        'TIMEOUT',
        `route ${route} has not delivered in ${patienceMs / 1000} s what was committed`,
        {
          fix: 'See `spine cdc status`; verify again when the route streams with little lag.',
        },
      );
    }
    await clock.sleep(100, signal);
  }
}

/** Tables whose rows are withheld have nothing to compare. */
export function isComparable(relation: Relation, state: string | undefined): boolean {
  return relation.columns.length > 0 && (state === 'streaming' || state === 'diverged');
}
