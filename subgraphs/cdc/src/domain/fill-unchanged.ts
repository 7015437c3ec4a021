import { columnCount, columnKind, hasUnchanged, tupleOffsets } from './tuple.ts';

/** The tuple with the values that were not sent taken from `base`, for the columns that `may` names. */
export function fillUnchanged(tuple: Buffer, base: Buffer, may: (index: number) => boolean): Buffer {
  const own = tupleOffsets(tuple);
  const other = tupleOffsets(base);
  const parts: Buffer[] = [tuple.subarray(0, 2)];
  for (let index = 0; index < columnCount(tuple); index += 1) {
    const missing = tuple[own[index] ?? 0] === columnKind.unchanged && may(index);
    const [from, offsets] = missing ? [base, other] : [tuple, own];
    parts.push(from.subarray(offsets[index], offsets[index + 1]));
  }
  return Buffer.concat(parts);
}

/** The places of columns whose value was not sent. */
export function unchangedColumns(tuple: Buffer): readonly number[] {
  // Nearly every tuple has none: these pay for one walk only.
  if (!hasUnchanged(tuple)) return none;
  const offsets = tupleOffsets(tuple);
  const places: number[] = [];
  for (let index = 0; index < columnCount(tuple); index += 1) {
    if (tuple[offsets[index] ?? 0] === columnKind.unchanged) places.push(index);
  }
  return places;
}

const none: readonly number[] = [];
