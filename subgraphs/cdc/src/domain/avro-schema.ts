import { avroFieldNames, avroName, avroNamespace } from './avro-name.ts';
import { elementOf, numericPrecision, typeOid } from './builtin-types.ts';
import type { Column, Relation } from './relation.ts';

type AvroType = string | { readonly [property: string]: unknown } | readonly AvroType[];

/**
 * The table as an Avro record in JSON: what is registered as its subject. A nullable column is a union with null that
 * defaults to null; names that Avro does not allow are changed and the original stands in `spine.name`; a type that Avro
 * has no form for is a string with its Postgres type in `spine.pgType`.
 */
export function avroSchemaOf(relation: Relation, namespace: string): string {
  const columns = relation.columns;
  const names = avroFieldNames(columns.map((column) => column.name));
  const recordName = avroName(relation.table);
  return JSON.stringify({
    type: 'record',
    name: recordName,
    namespace: avroNamespace(namespace, relation.schema),
    ...(recordName !== relation.table && { 'spine.name': relation.table }),
    fields: columns.map((column, place) => {
      const name = names[place] ?? avroName(column.name);
      return {
        name,
        ...(column.nullable
          ? { type: ['null', avroTypeOf(column)], default: null }
          : { type: avroTypeOf(column) }),
        ...(name !== column.name && { 'spine.name': column.name }),
      };
    }),
  });
}

function avroTypeOf(column: Column): AvroType {
  const oid = column.baseTypeOid ?? column.typeOid;
  const typeText = column.baseTypeText ?? column.typeText;
  if (column.typeCategory === 'A') {
    const element = elementOf(oid);
    const elementText = typeText.replace(/(\[\])+$/, '');
    // Any element may be null; dimensions are the value's own, not the type's.
    return { type: 'array', items: ['null', scalarType(element ?? 0, column.typeModifier, elementText)] };
  }
  return scalarType(oid, modifierOf(column), typeText);
}

function scalarType(oid: number, modifier: number, typeText: string): AvroType {
  switch (oid) {
    case typeOid.bool:
      return 'boolean';
    case typeOid.int2:
    case typeOid.int4:
      return 'int';
    case typeOid.int8:
      return 'long';
    case typeOid.float4:
      return 'float';
    case typeOid.float8:
      return 'double';
    case typeOid.bytea:
      return 'bytes';
    case typeOid.text:
    case typeOid.varchar:
      return 'string';
    case typeOid.numeric:
      return decimalType(modifier, typeText);
    case typeOid.date:
      return { type: 'int', logicalType: 'date' };
    case typeOid.time:
      return { type: 'long', logicalType: 'time-micros' };
    case typeOid.timestamp:
      return { type: 'long', logicalType: 'local-timestamp-micros' };
    case typeOid.timestamptz:
      return { type: 'long', logicalType: 'timestamp-micros' };
    case typeOid.uuid:
      return { type: 'string', logicalType: 'uuid' };
    default:
      // json and jsonb too: their text. An enum as well, so that a new label does not break readers.
      return { type: 'string', 'spine.pgType': typeText };
  }
}

function decimalType(modifier: number, typeText: string): AvroType {
  const declared = decimalOf(modifier);
  if (declared === undefined) return { type: 'string', 'spine.pgType': typeText };
  return { type: 'bytes', logicalType: 'decimal', ...declared };
}

/** Precision and scale of a numeric; undefined without a precision or with a scale beyond it: Avro has no decimal for that. */
export function decimalOf(
  modifier: number,
): { readonly precision: number; readonly scale: number } | undefined {
  const declared = numericPrecision(modifier);
  if (declared === undefined || declared.scale < 0 || declared.scale > declared.precision) return undefined;
  return declared;
}

/** The modifier by which values of a column are read. That of a domain's base stands only in its text. */
export function modifierOf(column: Column): number {
  if (column.baseTypeOid === undefined) return column.typeModifier;
  const match = /^numeric\((\d+),(-?\d+)\)$/.exec(column.baseTypeText ?? '');
  return match === null ? -1 : ((Number(match[1]) << 16) | (Number(match[2]) & 0x7ff)) + 4;
}
