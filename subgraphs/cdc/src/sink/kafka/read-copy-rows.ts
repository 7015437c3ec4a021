import { invariant } from '@spine/kernel/invariant';
import { columnKind } from '../../domain/tuple.ts';

/** Signature, flags, and the length of an extension that follows. */
const headBytes = 19;

/**
 * The rows of a COPY in binary, whatever its chunks, each as the tuple that the stream would send: so that a row has one
 * encoding, copied or streamed. Throws when the bytes end before the trailer: a copy that broke off must not look complete.
 */
export async function* readCopyRows(
  chunks: AsyncIterable<Buffer | string>,
): AsyncGenerator<readonly Buffer[]> {
  let rest = Buffer.alloc(0);
  let needed = headBytes;
  let inRows = false;
  let ended = false;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;

  for await (const chunk of chunks) {
    invariant(typeof chunk !== 'string', 'COPY binary comes as bytes');
    waiting.push(chunk);
    waitingBytes += chunk.length;
    // A value larger than a chunk is put together once, when all of it is there.
    if (rest.length + waitingBytes < needed) continue;
    const bytes = Buffer.concat([rest, ...waiting]);
    waiting = [];
    waitingBytes = 0;
    let at = 0;
    if (!inRows) {
      needed = headBytes + bytes.readUInt32BE(15);
      inRows = bytes.length >= needed;
      if (inRows) at = needed;
    }
    const rows: Buffer[] = [];
    while (inRows && !ended) {
      const end = rowEnd(bytes, at);
      if (end < 0) {
        needed = -end - at;
        break;
      }
      if (bytes.readInt16BE(at) === -1) ended = true;
      else rows.push(tupleOf(bytes, at, end));
      at = end;
    }
    invariant(!ended || at === bytes.length, 'nothing follows the trailer of a COPY');
    rest = bytes.subarray(at);
    if (inRows && rest.length === 0) needed = 2;
    if (rows.length > 0) yield rows;
  }
  if (!ended) throw new Error('the rows of the source ended before their trailer');
}

/** The end of the row at `start`; when it is not all there, minus the position up to which bytes are needed to know more. */
function rowEnd(bytes: Buffer, start: number): number {
  if (start + 2 > bytes.length) return -(start + 2);
  const count = bytes.readInt16BE(start);
  let at = start + 2;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > bytes.length) return -(at + 4);
    at += 4 + Math.max(bytes.readInt32BE(at), 0);
    if (at > bytes.length) return -at;
  }
  return at;
}

/** A column of a tuple has one byte more, its kind, and no length when it is null. */
function tupleOf(bytes: Buffer, start: number, end: number): Buffer {
  const count = bytes.readInt16BE(start);
  const tuple = Buffer.allocUnsafe(end - start + count);
  tuple.writeInt16BE(count, 0);
  let from = start + 2;
  let to = 2;
  for (let index = 0; index < count; index += 1) {
    const length = bytes.readInt32BE(from);
    if (length < 0) {
      tuple[to] = columnKind.null;
      to += 1;
      from += 4;
      continue;
    }
    tuple[to] = columnKind.binary;
    bytes.copy(tuple, to + 1, from, from + 4 + length);
    from += 4 + length;
    to += 5 + length;
  }
  return tuple.subarray(0, to);
}
