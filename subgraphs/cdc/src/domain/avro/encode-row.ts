import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import { avroSchemaOf } from '../avro-schema.ts';
import type { DeliveredTable } from '../delivery.ts';
import { obligationTransform, type ValueTransform } from '../obligation-transform.ts';
import { type Column, tableKey } from '../relation.ts';
import { columnAt, columnKind, tupleOffsets } from '../tuple.ts';
import { createAvroWriter } from './avro-writer.ts';
import { RefusedValue, UnsentValue } from './refused-value.ts';
import { arrayWriter } from './write-array.ts';
import { scalarWriter, type WriteValue } from './write-value.ts';

/** Rows of one table as Avro records in the delivered shape, and the schemas that tell readers so. */
export interface AvroRowEncoder {
  readonly valueSchema: string;
  /** Null for a table without a key. */
  readonly keySchema: string | null;
  /**
   * The whole row, obligations met. Throws RefusedValue for a value that Avro cannot hold, and UnsentValue for one that the
   * source left out of an update: give it the old row's first (fill-unchanged.ts).
   */
  encodeRow(tuple: Buffer): Buffer;
  /** The key alone, of a whole row or of one of which only the key was sent. */
  encodeKey(tuple: Buffer): Buffer;
}

interface Field {
  readonly column: Column;
  readonly where: string;
  readonly transform: ValueTransform | null;
  readonly write: WriteValue;
}

/**
 * Encodes tuples as pgoutput sends them (a row of a COPY becomes one by read-copy-rows.ts). Schemas lie in the namespace
 * `<namespace>.<schema>`; that of a key is `<table>.key` there. Throws Problem SINK_TABLE_CONFLICT for a column of a type that
 * is not read here.
 */
export function avroRowEncoder(table: DeliveredTable, namespace: string): AvroRowEncoder {
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
      for (const { column, where, transform, write } of chosen) {
        const { kind, start, end } = columnAt(tuple, offsets[column.index] ?? 0);
        if (kind === columnKind.unchanged) throw new UnsentValue(`${where}: the value was not sent`);
        const sentAs = kind === columnKind.text ? 't' : 'b';
        const sent = kind === columnKind.null ? null : tuple.subarray(start, end);
        const value = sent === null || transform === null ? sent : transform(sent, sentAs);
        if (value === null && !column.nullable) {
          throw new RefusedValue(`${where}: a value is null, and by its contract it never is`);
        }
        // The branch of the union with null, where null stands first.
        if (column.nullable) writer.long(value === null ? 0 : 1);
        if (value !== null) write(writer, value, transform === null ? sentAs : 't');
      }
    } catch (error) {
      // What was written of this row must not begin the next one.
      writer.take();
      throw error;
    }
    return writer.take();
  }

  const columnsOf = (chosen: readonly Field[]) => chosen.map(({ column }) => column);
  return {
    valueSchema: avroSchemaOf({ ...relation, columns: columnsOf(fields) }, namespace),
    keySchema:
      keyFields.length === 0
        ? null
        : avroSchemaOf(
            { ...relation, schema: tableKey(relation), table: 'key', columns: columnsOf(keyFields) },
            namespace,
          ),
    encodeRow: (tuple) => encode(tuple, fields),
    encodeKey: (tuple) => encode(tuple, keyFields),
  };
}

function fieldOf(table: DeliveredTable, source: Column): Field {
  const where = `${tableKey(table.relation)}.${source.name}`;
  const obligation = table.obligations.get(source.name);
  const column = obligation === undefined ? source : governedColumn(source);
  const write = column.typeCategory === 'A' ? arrayWriter(column, where) : scalarWriter(column, where);
  if (write === null) {
    throw new Problem(
      'SINK_TABLE_CONFLICT',
      `${where}: values of type ${source.typeText} have no form in Avro here`,
      { fix: 'Let a rule of `residency` mask or drop the column, or make it text at the source.' },
    );
  }
  const transform =
    obligation === undefined ? null : obligationTransform(source, obligation, table.obligationKey);
  return { column, where, transform, write };
}

/** What an obligation leaves of a column is text, and may be nothing. */
function governedColumn({ name, index }: Column): Column {
  return {
    name,
    index,
    typeOid: 25,
    typeModifier: -1,
    typeText: 'text',
    typeKind: 'b',
    typeCategory: 'S',
    nullable: true,
  };
}
