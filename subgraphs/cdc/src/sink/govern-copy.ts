import { invariant } from '@spine/kernel/invariant';
import type { ValueTransform } from '../domain/obligation-transform.ts';

/** Signature, flags, and the length of an extension that follows. */
const headBytes = 19;
const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

/**
 * Passes COPY binary on, whatever its chunks, with each value put through the transform of its column; `onRows` hears how many
 * rows have passed. Throws when the bytes end before the trailer: a copy that broke off must not look complete.
 */
export async function* governCopy(
  chunks: AsyncIterable<Buffer | string>,
  transforms: readonly (ValueTransform | null)[],
  onRows: (rows: number) => void,
): AsyncGenerator<Buffer> {
  const governed = transforms.some((transform) => transform !== null);
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let needed = headBytes;
  let inRows = false;
  let rows = 0;
  let ended = false;

  for await (const chunk of chunks) {
    invariant(typeof chunk !== 'string', 'COPY binary comes as bytes');
    invariant(!ended, 'nothing follows the trailer of a COPY');
    waiting.push(chunk);
    waitingBytes += chunk.length;
    // A value larger than a chunk is put together once, when all of it is there.
    if (waitingBytes < needed) continue;
    const bytes = waiting.length === 1 ? chunk : Buffer.concat(waiting);
    const out: Buffer[] = [];
    let at = 0;
    if (!inRows) {
      const end = headBytes + bytes.readUInt32BE(15);
      invariant(bytes.subarray(0, signature.length).equals(signature), 'a COPY begins with its signature');
      needed = end;
      if (bytes.length >= end) {
        inRows = true;
        at = end;
        out.push(bytes.subarray(0, end));
      }
    }
    while (inRows && !ended) {
      const end = rowEnd(bytes, at);
      if (end < 0) {
        needed = -end - at;
        break;
      }
      if (bytes.readInt16BE(at) === -1) ended = true;
      else {
        rows += 1;
        if (governed) pushGoverned(out, bytes, at, transforms);
      }
      if (!governed || ended) out.push(bytes.subarray(at, end));
      at = end;
    }
    invariant(!ended || at === bytes.length, 'nothing follows the trailer of a COPY');
    waiting = at === bytes.length ? [] : [bytes.subarray(at)];
    waitingBytes = bytes.length - at;
    if (at === bytes.length) needed = inRows ? 2 : needed;
    if (out.length > 0) yield Buffer.concat(out);
    onRows(rows);
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
    const length = bytes.readInt32BE(at);
    at += 4 + Math.max(length, 0);
    if (at > bytes.length) return -at;
  }
  return at;
}

/** Adds the row with its governed values; what lies between them goes in one piece. */
function pushGoverned(
  out: Buffer[],
  bytes: Buffer,
  start: number,
  transforms: readonly (ValueTransform | null)[],
): void {
  invariant(bytes.readInt16BE(start) === transforms.length, 'a row has the columns of its table');
  let kept = start;
  let at = start + 2;
  for (const transform of transforms) {
    const length = bytes.readInt32BE(at);
    const end = at + 4 + Math.max(length, 0);
    if (transform !== null && length >= 0) {
      const value = transform(bytes.subarray(at + 4, end), 'b');
      const head = Buffer.alloc(4);
      head.writeInt32BE(value?.length ?? -1);
      out.push(bytes.subarray(kept, at), head);
      if (value !== null) out.push(value);
      kept = end;
    }
    at = end;
  }
  out.push(bytes.subarray(kept, at));
}
