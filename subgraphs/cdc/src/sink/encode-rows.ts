import { invariant } from '@spine/kernel/invariant';
import { typeOid } from '../domain/builtin-types.ts';
import { columnKind, hasValue, tupleOffsets } from '../domain/tuple.ts';
import {
  type ArrayDraft,
  appendCell,
  appendNull,
  appendValue,
  finishArray,
  startArray,
} from './binary-array.ts';
import type { PlannedColumn } from './table-plan.ts';

/** One column of many rows as one binary array. */
export interface EncodedColumn {
  readonly column: PlannedColumn;
  /** The source sent text because the type has no binary form: an array of text, to be cast at the sink. */
  readonly asText: boolean;
  readonly array: Buffer;
}

/** Takes columns out of tuples, puts them through their obligations and gathers each as a binary array. */
export function encodeColumns(
  rows: readonly Buffer[],
  columns: readonly PlannedColumn[],
): readonly EncodedColumn[] {
  const drafts = columns.map((column) => ({ column, draft: startArray(rows.length), kind: 0 }));
  let offsets: Uint32Array = new Uint32Array(0);
  for (const row of rows) {
    offsets = tupleOffsets(row, offsets);
    for (const gathered of drafts) {
      const at = offsets[gathered.column.index] ?? 0;
      const kind = row[at] ?? 0;
      if (hasValue(kind)) {
        invariant(gathered.kind === 0 || gathered.kind === kind, 'a column comes in one form only');
        gathered.kind = kind;
        append(gathered.draft, gathered.column, row, kind, at + 5, offsets[gathered.column.index + 1] ?? 0);
      } else {
        invariant(kind === columnKind.null, `column ${gathered.column.name} was sent`);
        appendNull(gathered.draft);
      }
    }
  }
  return drafts.map(({ column, draft, kind }) => {
    const asText = kind === columnKind.text && column.transform === null && !isText(column.typeOid);
    return { column, asText, array: finishArray(draft, asText ? typeOid.text : column.typeOid) };
  });
}

function append(
  draft: ArrayDraft,
  column: PlannedColumn,
  row: Buffer,
  kind: number,
  start: number,
  end: number,
): void {
  if (column.transform === null) {
    appendCell(draft, row, start, end);
    return;
  }
  const value = column.transform(row.subarray(start, end), kind === columnKind.text ? 't' : 'b');
  if (value === null) appendNull(draft);
  else appendValue(draft, value);
}

/** Types whose text and binary forms are the same bytes. */
function isText(oid: number): boolean {
  return oid === typeOid.text || oid === typeOid.varchar || oid === typeOid.bpchar || oid === typeOid.json;
}
