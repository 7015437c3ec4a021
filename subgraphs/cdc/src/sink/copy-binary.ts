import { Transform, type TransformCallback } from 'node:stream';
import { columnAt, columnKind, hasValue, tupleOffsets } from '../domain/tuple.ts';
import type { ColumnPlan } from './column-plan.ts';

/** Header of COPY binary: signature, no flags, no extension. */
const header = Buffer.concat([Buffer.from('PGCOPY\n\u00ff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const trailer = Buffer.from([0xff, 0xff]);

/** Tuples as COPY binary, each value through its transform. */
export function copyBinaryOf(plans: readonly ColumnPlan[], tuples: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [header];
  let offsets: Uint32Array = new Uint32Array(64);
  for (const tuple of tuples) {
    offsets = tupleOffsets(tuple, offsets);
    const fields = plans.map(({ index, transform }) => {
      const { kind, start, end } = columnAt(tuple, offsets[index] ?? 0);
      if (!hasValue(kind)) return null;
      const value = tuple.subarray(start, end);
      return transform === null ? value : transform(value, kind === columnKind.text ? 't' : 'b');
    });
    pushRow(parts, fields);
  }
  parts.push(trailer);
  return Buffer.concat(parts);
}

function pushRow(parts: Buffer[], fields: readonly (Buffer | null)[]): void {
  const lengths = Buffer.allocUnsafe(2 + 4 * fields.length);
  lengths.writeInt16BE(fields.length, 0);
  parts.push(lengths.subarray(0, 2));
  fields.forEach((field, place) => {
    lengths.writeInt32BE(field === null ? -1 : field.length, 2 + 4 * place);
    parts.push(lengths.subarray(2 + 4 * place, 6 + 4 * place));
    if (field !== null) parts.push(field);
  });
}

/**
 * Passes COPY binary from the source on to the sink, counting rows; where a column has an obligation, its values go through
 * the transform. Chunks may end anywhere.
 */
export function transformCopy(plans: readonly ColumnPlan[], onRows: (rows: number) => void): Transform {
  const changes = plans.some((plan) => plan.transform !== null);
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  let ended = false;

  /** Takes whole rows off the front; answers where the first incomplete one begins. */
  function rowsOf(bytes: Buffer, from: number, out: Buffer[] | null): number {
    let at = from;
    let rows = 0;
    for (;;) {
      const end = endOfRow(bytes, at);
      if (end === null) break;
      if (end === at) {
        ended = true;
        out?.push(trailer);
        at += 2;
        break;
      }
      if (out !== null) pushRow(out, fieldsOf(bytes, at, plans));
      at = end;
      rows += 1;
    }
    if (rows > 0) onRows(rows);
    return at;
  }

  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      const out: Buffer[] | null = changes ? [] : null;
      if (!started) {
        if (bytes.length < header.length) {
          rest = bytes;
          if (out === null) this.push(chunk);
          done();
          return;
        }
        at = header.length + bytes.readInt32BE(15);
        started = true;
        out?.push(header);
      }
      at = ended ? bytes.length : rowsOf(bytes, at, out);
      rest = bytes.subarray(at);
      if (out === null) this.push(chunk);
      else if (out.length > 0) this.push(Buffer.concat(out));
      done();
    },
  });
}

/** Where the row at `at` ends; `at` itself for the trailer; null when it is not whole yet. */
function endOfRow(bytes: Buffer, at: number): number | null {
  if (at + 2 > bytes.length) return null;
  const count = bytes.readInt16BE(at);
  if (count === -1) return at;
  let end = at + 2;
  for (let field = 0; field < count; field += 1) {
    if (end + 4 > bytes.length) return null;
    end += 4 + Math.max(0, bytes.readInt32BE(end));
  }
  return end > bytes.length ? null : end;
}

function fieldsOf(bytes: Buffer, at: number, plans: readonly ColumnPlan[]): (Buffer | null)[] {
  let from = at + 2;
  return plans.map((plan) => {
    const length = bytes.readInt32BE(from);
    from += 4;
    if (length < 0) return null;
    const value = bytes.subarray(from, from + length);
    from += length;
    return plan.transform === null ? value : plan.transform(value, 'b');
  });
}
