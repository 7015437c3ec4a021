/** Kind bytes of a column in pgoutput TupleData. */
export const columnKind = {
  /** n: null */
  null: 0x6e,
  /** u: a TOAST value that the change left as it was; it is absent, not null */
  unchanged: 0x75,
  /** t: the text form, also in a binary stream when the type has no binary send function */
  text: 0x74,
  /** b: the binary form */
  binary: 0x62,
} as const;

/** Where one column's value lies in a tuple. For null and unchanged values `start` and `end` are equal. */
export interface TupleColumn {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** Number of columns of a tuple. */
export function columnCount(tuple: Buffer): number {
  return ((tuple[0] ?? 0) << 8) | (tuple[1] ?? 0);
}

/**
 * The place of each column's kind byte, and last the end of the tuple. Writes into `into` when that is long enough, so that
 * a loop over many tuples allocates nothing. The value of column i begins 5 bytes after its kind byte when it is t or b.
 */
export function tupleOffsets(tuple: Buffer, into?: Uint32Array): Uint32Array {
  const count = columnCount(tuple);
  const offsets = into !== undefined && into.length > count ? into : new Uint32Array(count + 1);
  let at = 2;
  for (let index = 0; index < count; index += 1) {
    offsets[index] = at;
    at = afterColumn(tuple, at);
  }
  offsets[count] = at;
  return offsets;
}

/** Finds one column by walking; use `tupleOffsets` to read several. Throws RangeError beyond the last column. */
export function readColumn(tuple: Buffer, index: number): TupleColumn {
  if (index < 0 || index >= columnCount(tuple)) throw new RangeError(`the tuple has no column ${index}`);
  let at = 2;
  for (let before = 0; before < index; before += 1) at = afterColumn(tuple, at);
  return columnAt(tuple, at);
}

/** The column whose kind byte lies at `at`. */
export function columnAt(tuple: Buffer, at: number): TupleColumn {
  const kind = tuple[at] ?? 0;
  return hasValue(kind)
    ? { kind, start: at + 5, end: afterColumn(tuple, at) }
    : { kind, start: at + 1, end: at + 1 };
}

/** Whether bytes follow the kind byte: text and binary, not null and unchanged. */
export function hasValue(kind: number): boolean {
  return kind === columnKind.binary || kind === columnKind.text;
}

/** Whether any column of the tuple is an unchanged TOAST value. */
export function hasUnchanged(tuple: Buffer): boolean {
  const count = columnCount(tuple);
  let at = 2;
  for (let index = 0; index < count; index += 1) {
    if (tuple[at] === columnKind.unchanged) return true;
    at = afterColumn(tuple, at);
  }
  return false;
}

/**
 * The end of the tuple that begins at `start`, checked against what there is. Throws on an unknown kind byte or a length
 * that leaves the message; after this check the other walkers may trust the tuple.
 */
export function tupleEnd(bytes: Buffer, start: number, limit: number): number {
  if (start + 2 > limit) throw new RangeError('a tuple is cut off');
  const count = bytes.readUInt16BE(start);
  let at = start + 2;
  for (let index = 0; index < count; index += 1) {
    if (at >= limit) throw new RangeError('a tuple is cut off');
    const kind = bytes[at] ?? 0;
    if (kind === columnKind.binary || kind === columnKind.text) {
      if (at + 5 > limit) throw new RangeError('a tuple is cut off');
      const length = bytes.readInt32BE(at + 1);
      if (length < 0 || at + 5 + length > limit) throw new RangeError('a column leaves its message');
      at += 5 + length;
    } else if (kind === columnKind.null || kind === columnKind.unchanged) {
      at += 1;
    } else {
      throw new RangeError(`a column is of the unknown kind ${kind}`);
    }
  }
  return at;
}

function afterColumn(tuple: Buffer, at: number): number {
  const kind = tuple[at];
  return kind === columnKind.binary || kind === columnKind.text ? at + 5 + tuple.readInt32BE(at + 1) : at + 1;
}
