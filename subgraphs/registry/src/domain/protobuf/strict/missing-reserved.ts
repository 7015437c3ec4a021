import type { NumberRange } from '../proto-file.ts';
import { createRangeSet } from '../range-set.ts';

interface Reserving {
  readonly reservedRanges: readonly NumberRange[];
  readonly reservedNames: readonly string[];
}

/** What the writer reserves and the reader does not, for people. */
export function missingReserved(reader: Reserving, writer: Reserving): readonly string[] {
  const ranges = createRangeSet(reader.reservedRanges);
  const names = new Set(reader.reservedNames);
  return [
    ...writer.reservedRanges
      .filter((range) => !ranges.covers(range))
      .map(({ first, last }) => (first === last ? `the number ${first}` : `the numbers ${first} to ${last}`)),
    ...writer.reservedNames.filter((name) => !names.has(name)).map((name) => `the name ${name}`),
  ];
}
