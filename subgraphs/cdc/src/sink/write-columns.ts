import { columnKind, hasValue, tupleOffsets } from '../domain/tuple.ts';
import type { ColumnPlan } from './column-plan.ts';
import { type ColumnWriter, createColumnWriter } from './column-writer.ts';

/** The values of some columns of many tuples, one array a column, in the order of `plans`. */
export interface WrittenColumns {
  readonly arrays: readonly Buffer[];
  /** SQL types of the arrays' elements: text where values came or travel as text. */
  readonly types: readonly string[];
}

/** Writes the columns of `plans` of every tuple, each value through its transform. */
export function writeColumns(plans: readonly ColumnPlan[], tuples: readonly Buffer[]): WrittenColumns {
  const writers: (ColumnWriter | undefined)[] = [];
  for (const plan of plans) {
    writers[plan.index] = createColumnWriter(plan.elementOid, tuples.length);
  }
  let offsets: Uint32Array = new Uint32Array(64);
  for (const tuple of tuples) {
    offsets = tupleOffsets(tuple, offsets);
    for (const plan of plans) {
      const writer = writerOf(writers, plan);
      const at = offsets[plan.index] ?? 0;
      const kind = tuple[at] ?? columnKind.null;
      if (!hasValue(kind)) {
        writer.null();
        continue;
      }
      const start = at + 5;
      const end = start + tuple.readInt32BE(at + 1);
      const isText = kind === columnKind.text;
      if (plan.transform === null) {
        if (isText) writer.text = true;
        writer.value(tuple, start, end);
        continue;
      }
      const value = plan.transform(tuple.subarray(start, end), isText ? 't' : 'b');
      if (value === null) writer.null();
      else writer.value(value, 0, value.length);
    }
  }
  return {
    arrays: plans.map((plan) => writerOf(writers, plan).finish()),
    types: plans.map((plan) => (plan.asText || writerOf(writers, plan).text ? 'text' : plan.sinkType)),
  };
}

function writerOf(writers: readonly (ColumnWriter | undefined)[], plan: ColumnPlan): ColumnWriter {
  const writer = writers[plan.index];
  if (writer === undefined) throw new Error(`no writer for the column ${plan.name}`);
  return writer;
}
