import type { RowDigest } from './row-digest.ts';

/** How a row differs between source and sink. */
export type DifferenceKind = 'missing' | 'extra' | 'different';

/** One row that differs: missing at the sink, there without being at the source, or of other content. */
export interface RowDifference {
  readonly kind: DifferenceKind;
  /** Null in a table without a key: rows are counted there, not named. */
  readonly key: string | null;
  /** What stood at the source; a row that changes meanwhile has another one at the next look. */
  readonly source: string | null;
}

/** Rows of some buckets, side by side. In a table without a key equal rows are counted. */
export function compareRows(
  source: readonly RowDigest[],
  sink: readonly RowDigest[],
): readonly RowDifference[] {
  const here = grouped(source);
  const there = grouped(sink);
  const found: RowDifference[] = [];
  for (const [name, rows] of here) {
    const others = there.get(name) ?? [];
    for (let n = 0; n < Math.max(rows.length, others.length); n += 1) {
      const row = rows[n];
      const other = others[n];
      if (row?.digest === other?.digest) continue;
      const kind = other === undefined ? 'missing' : row === undefined ? 'extra' : 'different';
      found.push({ kind, key: (row ?? other)?.key ?? null, source: row?.digest ?? null });
    }
  }
  for (const [name, rows] of there) {
    if (here.has(name)) continue;
    for (const { key } of rows) found.push({ kind: 'extra', key, source: null });
  }
  return found;
}

/** Those that stood exactly so at the look before, too: nothing was on its way that could explain them. */
export function settled(
  now: readonly RowDifference[],
  before: readonly RowDifference[],
): readonly RowDifference[] {
  const known = new Map<string, number>();
  for (const difference of before) known.set(nameOf(difference), (known.get(nameOf(difference)) ?? 0) + 1);
  return now.filter((difference) => {
    const name = nameOf(difference);
    const left = known.get(name) ?? 0;
    known.set(name, left - 1);
    return left > 0;
  });
}

function nameOf({ kind, key, source }: RowDifference): string {
  return JSON.stringify([kind, key, source]);
}

function grouped(rows: readonly RowDigest[]): ReadonlyMap<string, readonly RowDigest[]> {
  const groups = new Map<string, RowDigest[]>();
  for (const row of rows) {
    const name = row.key === null ? `=${row.digest}` : `#${row.key}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}
