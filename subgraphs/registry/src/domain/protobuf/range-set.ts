import type { NumberRange } from './proto-file.ts';

/** Ranges of numbers, asked many times. */
export interface RangeSet {
  readonly has: (number: number) => boolean;
  /** Whether all numbers of the range are in it. */
  readonly covers: (range: NumberRange) => boolean;
}

/** Sorts and joins the ranges once; a question then takes a binary search, however many there are. */
export function createRangeSet(ranges: readonly NumberRange[]): RangeSet {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of ranges.toSorted((a, b) => a.first - b.first)) {
    const previous = joined.at(-1);
    if (previous === undefined || first > previous.last + 1) joined.push({ first, last });
    else previous.last = Math.max(previous.last, last);
  }

  function covers({ first, last }: NumberRange): boolean {
    let low = 0;
    let high = joined.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = joined[middle];
      if (range === undefined) return false;
      if (first < range.first) high = middle - 1;
      else if (first > range.last) low = middle + 1;
      else return last <= range.last;
    }
    return false;
  }

  return { covers, has: (number) => covers({ first: number, last: number }) };
}
