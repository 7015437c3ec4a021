import { Problem } from '@spine/kernel/problem';
import { columnKind, hasValue, tupleOffsets } from '../domain/tuple.ts';
import type { PlannedColumn } from './table-plan.ts';

/** Signature, flags and the length of a header extension that is not there. */
export const copyHeader = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
export const copyTrailer = Buffer.from([0xff, 0xff]);

/** Columns of one or several tuples side by side: a rename has its new key and its old one. */
export interface CopyPart {
  readonly rows: readonly Buffer[];
  readonly columns: readonly PlannedColumn[];
}

/** Rows as COPY binary, header and trailer included; for values that an array cannot carry. */
export function encodeCopy(parts: readonly CopyPart[]): Buffer {
  const pieces: Buffer[] = [copyHeader];
  const count = parts[0]?.rows.length ?? 0;
  const width = Buffer.alloc(2);
  width.writeInt16BE(parts.reduce((sum, part) => sum + part.columns.length, 0));
  for (let place = 0; place < count; place += 1) {
    pieces.push(width);
    for (const { rows, columns } of parts) pushCells(pieces, rows[place], columns);
  }
  pieces.push(copyTrailer);
  return Buffer.concat(pieces);
}

function pushCells(pieces: Buffer[], row: Buffer | undefined, columns: readonly PlannedColumn[]): void {
  if (row === undefined) return;
  const offsets = tupleOffsets(row);
  for (const column of columns) {
    const at = offsets[column.index] ?? 0;
    const end = offsets[column.index + 1] ?? at;
    const kind = row[at] ?? 0;
    if (!hasValue(kind)) pieces.push(nullCell);
    else if (column.transform !== null) {
      const value = column.transform(row.subarray(at + 5, end), kind === columnKind.text ? 't' : 'b');
      pieces.push(...(value === null ? [nullCell] : [lengthOf(value), value]));
    } else if (kind === columnKind.text) {
      throw new Problem(
        'NOT_SUPPORTED',
        `column ${column.name} of type ${column.castType} has no binary form, and its table has columns that need one`,
        { fix: 'Let a rule drop or mask the column.' },
      );
    } else pieces.push(row.subarray(at + 1, end));
  }
}

const nullCell = Buffer.from([0xff, 0xff, 0xff, 0xff]);

function lengthOf(value: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value.length);
  return bytes;
}
