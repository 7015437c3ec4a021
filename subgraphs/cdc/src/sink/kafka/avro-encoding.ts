import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import { avroSchemaOf } from '../../domain/avro-schema.ts';
import { typeOid } from '../../domain/builtin-types.ts';
import type { DeliveredTable } from '../../domain/delivery.ts';
import { obligationTransform, type ValueTransform } from '../../domain/obligation-transform.ts';
import { type Column, type Relation, tableKey } from '../../domain/relation.ts';
import { columnAt, columnKind, tupleOffsets } from '../../domain/tuple.ts';
import { avroValueWriter, type WriteValue } from './avro-value.ts';
import { createAvroWriter } from './avro-writer.ts';
import { RowRefused, TableRefused } from './refusals.ts';
import type { RowEncoding } from './row-encoding.ts';

interface Field {
  /** In the shape in which it leaves. */
  readonly column: Column;
  readonly transform: ValueTransform | null;
  readonly write: WriteValue;
}

/**
 * Rows of a table as Avro records of the delivered shape; obligations are met on the way, so that no value leaves that must
 * not. `space` is the namespace of the records' names. Throws Problem SINK_TABLE_CONFLICT for a type that has no Avro form.
 */
export function avroEncoding(table: DeliveredTable, space: string): RowEncoding {
  const { relation } = table;
  const fields = relation.columns.map((column) => fieldOf(table, column));
  const keyFields = relation.key.map((index) => {
    const field = fields[index];
    invariant(field !== undefined, 'a key column is a column');
    // A key is never null, whatever governs it.
    return { ...field, column: { ...field.column, nullable: false } };
  });
  const writer = createAvroWriter();
  let offsets: Uint32Array = new Uint32Array(0);

  function encode(tuple: Buffer, chosen: readonly Field[]): Buffer {
    offsets = tupleOffsets(tuple, offsets);
    try {
      for (const { column, transform, write } of chosen) {
        const value = columnAt(tuple, offsets[column.index] ?? 0);
        if (value.kind === columnKind.unchanged) {
          throw new TableRefused(`${tableKey(relation)}.${column.name} was not sent, for it did not change`);
        }
        const kind = value.kind === columnKind.text ? 't' : 'b';
        const bytes = value.kind === columnKind.null ? null : tuple.subarray(value.start, value.end);
        const governed = bytes === null || transform === null ? bytes : transform(bytes, kind);
        if (governed === null && !column.nullable) {
          throw new RowRefused(
            `${tableKey(relation)}.${column.name} is null, and its contract says it never is`,
          );
        }
        // The union's branch: null stands first.
        if (column.nullable) writer.long(governed === null ? 0 : 1);
        if (governed !== null) write(writer, governed, transform === null ? kind : 't');
      }
      return writer.take();
    } catch (error) {
      // What was written of this row must not begin the next one.
      writer.take();
      throw error;
    }
  }

  const schemaOf = (columns: readonly Field[], name: string): string =>
    avroSchemaOf(shapeOf(relation, columns), name);
  return {
    valueSchema: schemaOf(fields, space),
    // A record of its own: code made from both schemas needs two names.
    keySchema: keyFields.length === 0 ? null : schemaOf(keyFields, `${space}.key`),
    encodeRow: (tuple) => encode(tuple, fields),
    encodeKey: (tuple) => encode(tuple, keyFields),
  };
}

function shapeOf(relation: Relation, fields: readonly Field[]): Relation {
  return { ...relation, columns: fields.map(({ column }) => column) };
}

function fieldOf(table: DeliveredTable, source: Column): Field {
  const obligation = table.obligations.get(source.name);
  const column = obligation === undefined ? source : governedColumn(source);
  const write = avroValueWriter(column);
  if (write === null) {
    throw new Problem(
      'SINK_TABLE_CONFLICT',
      `${tableKey(table.relation)}.${source.name}: values of type ${source.typeText} have no Avro form here`,
      { fix: 'Leave the table out of the route, or let a residency rule mask or drop the column.' },
    );
  }
  const transform =
    obligation === undefined ? null : obligationTransform(source, obligation, table.obligationKey);
  return { column, transform, write };
}

/** What an obligation leaves of a column is text, or nothing. */
function governedColumn({ name, index }: Column): Column {
  return {
    name,
    index,
    typeOid: typeOid.text,
    typeModifier: -1,
    typeText: 'text',
    typeKind: 'b',
    typeCategory: 'S',
    nullable: true,
  };
}
