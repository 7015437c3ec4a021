/** Dimensions, has-null flag and element oid, then length and lower bound of the one dimension: what stands before the values. */
const headBytes = 20;

/** A one-dimensional array in Postgres's binary form, under construction. */
export interface ArrayDraft {
  bytes: Buffer;
  used: number;
  count: number;
  hasNull: boolean;
}

/** Starts an array of about `count` values of a few bytes each; it grows as needed. */
export function startArray(count: number): ArrayDraft {
  return { bytes: Buffer.allocUnsafe(headBytes + count * 16), used: headBytes, count: 0, hasNull: false };
}

/** Adds a value that stands in `source` from `start` to `end` with its int32 length right before it, as tuples have it. */
export function appendCell(draft: ArrayDraft, source: Buffer, start: number, end: number): void {
  const from = start - 4;
  reserve(draft, end - from);
  copyBytes(source, from, end, draft.bytes, draft.used);
  draft.used += end - from;
  draft.count += 1;
}

/** Adds a value by its bytes alone. */
export function appendValue(draft: ArrayDraft, value: Buffer): void {
  reserve(draft, 4 + value.length);
  draft.bytes.writeInt32BE(value.length, draft.used);
  copyBytes(value, 0, value.length, draft.bytes, draft.used + 4);
  draft.used += 4 + value.length;
  draft.count += 1;
}

/** Adds a null. */
export function appendNull(draft: ArrayDraft): void {
  reserve(draft, 4);
  draft.bytes.writeInt32BE(-1, draft.used);
  draft.used += 4;
  draft.count += 1;
  draft.hasNull = true;
}

/** The array, naming `elementOid` as the type of its values. Shares the draft's memory: add nothing afterwards. */
export function finishArray(draft: ArrayDraft, elementOid: number): Buffer {
  const { bytes, used, count, hasNull } = draft;
  // An empty array has no dimension at all.
  bytes.writeInt32BE(count === 0 ? 0 : 1, 0);
  bytes.writeInt32BE(hasNull ? 1 : 0, 4);
  bytes.writeUInt32BE(elementOid, 8);
  bytes.writeInt32BE(count, 12);
  bytes.writeInt32BE(1, 16);
  return bytes.subarray(0, count === 0 ? 12 : used);
}

function reserve(draft: ArrayDraft, more: number): void {
  const needed = draft.used + more;
  if (needed <= draft.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(needed, draft.bytes.length * 2));
  draft.bytes.copy(larger, 0, 0, draft.used);
  draft.bytes = larger;
}

/** A loop is faster than the call of `copy` for the few bytes of a number or a date. */
function copyBytes(source: Buffer, start: number, end: number, target: Buffer, at: number): void {
  if (end - start > 32) {
    source.copy(target, at, start, end);
    return;
  }
  for (let index = start, to = at; index < end; index += 1, to += 1) target[to] = source[index] ?? 0;
}
