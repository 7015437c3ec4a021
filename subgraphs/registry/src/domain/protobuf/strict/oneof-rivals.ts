import type { FieldPair } from '../match-schemas.ts';

/** Answers which field the writer can set together with another, although the reader has both in one oneof. */
export interface OneofRivals {
  readonly of: (fields: FieldPair) => FieldPair | undefined;
}

/** Looks at the fields of a message once. */
export function createOneofRivals(fields: readonly FieldPair[]): OneofRivals {
  const first = new Map<string, FieldPair>();
  const second = new Map<string, FieldPair>();
  for (const pair of fields) {
    const { oneof } = pair.reader;
    if (oneof === undefined) continue;
    const known = first.get(oneof);
    if (known === undefined) first.set(oneof, pair);
    else if (canMeet(known, pair)) second.set(oneof, pair);
  }
  return {
    of: (pair) =>
      [first, second]
        .map((each) => each.get(pair.reader.oneof ?? ''))
        .find((each) => each !== undefined && canMeet(each, pair)),
  };
}

/** Whether the writer can set both. */
function canMeet(one: FieldPair, other: FieldPair): boolean {
  return one !== other && (one.writer.oneof === undefined || one.writer.oneof !== other.writer.oneof);
}
