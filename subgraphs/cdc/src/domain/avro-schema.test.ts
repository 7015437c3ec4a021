import fc from 'fast-check';
import { expect, test } from 'vitest';
import { avroFieldNames } from './avro-name.ts';
import { avroSchemaOf } from './avro-schema.ts';
import { aColumn, aRelation } from './relation-builder.ts';

function fieldOf(column: Parameters<typeof aColumn>[0]): unknown {
  const schema: { fields: unknown[] } = JSON.parse(
    avroSchemaOf(aRelation({ columns: [aColumn(column)] }), 'shop'),
  );
  return schema.fields[0];
}

test('a table is a record named by source, schema and table', () => {
  const schema = JSON.parse(avroSchemaOf(aRelation({ schema: 'public', table: 'orders' }), 'shop'));
  expect(schema).toMatchObject({ type: 'record', name: 'orders', namespace: 'shop.public' });
});

test('a nullable column may be absent, a column that is not may not', () => {
  expect(fieldOf({ name: 'note', typeOid: 25, nullable: true })).toEqual({
    name: 'note',
    type: ['null', 'string'],
    default: null,
  });
  expect(fieldOf({ name: 'id', typeOid: 20, nullable: false })).toEqual({ name: 'id', type: 'long' });
});

test.each([
  ['boolean', 16, -1, 'boolean', 'boolean'],
  ['smallint', 21, -1, 'smallint', 'int'],
  ['integer', 23, -1, 'integer', 'int'],
  ['real', 700, -1, 'real', 'float'],
  ['double precision', 701, -1, 'double precision', 'double'],
  ['bytea', 17, -1, 'bytea', 'bytes'],
  [
    'numeric(12,2)',
    1700,
    ((12 << 16) | 2) + 4,
    'numeric(12,2)',
    { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 },
  ],
  ['numeric without a precision', 1700, -1, 'numeric', { type: 'string', 'spine.pgType': 'numeric' }],
  [
    'numeric of negative scale',
    1700,
    ((5 << 16) | (-3 & 0x7ff)) + 4,
    'numeric(5,-3)',
    { type: 'string', 'spine.pgType': 'numeric(5,-3)' },
  ],
  ['date', 1082, -1, 'date', { type: 'int', logicalType: 'date' }],
  ['time', 1083, -1, 'time without time zone', { type: 'long', logicalType: 'time-micros' }],
  [
    'timestamp',
    1114,
    -1,
    'timestamp without time zone',
    { type: 'long', logicalType: 'local-timestamp-micros' },
  ],
  ['timestamptz', 1184, -1, 'timestamp with time zone', { type: 'long', logicalType: 'timestamp-micros' }],
  ['uuid', 2950, -1, 'uuid', { type: 'string', logicalType: 'uuid' }],
  ['jsonb', 3802, -1, 'jsonb', { type: 'string', 'spine.pgType': 'jsonb' }],
  ['inet', 869, -1, 'inet', { type: 'string', 'spine.pgType': 'inet' }],
])('%s has its Avro type', (_, typeOid, typeModifier, typeText, type) => {
  expect(fieldOf({ typeOid, typeModifier, typeText, nullable: false })).toMatchObject({ type });
});

test('an array has elements that may be null', () => {
  expect(fieldOf({ typeOid: 1007, typeText: 'integer[]', typeCategory: 'A', nullable: false })).toMatchObject(
    { type: { type: 'array', items: ['null', 'int'] } },
  );
});

test('a domain has the type of its base, with the precision that the domain states', () => {
  const price = {
    typeOid: 99_001,
    typeText: 'public.price',
    typeKind: 'd',
    baseTypeOid: 1700,
    baseTypeText: 'numeric(10,4)',
  };
  expect(fieldOf({ ...price, nullable: false })).toMatchObject({
    type: { logicalType: 'decimal', precision: 10, scale: 4 },
  });
});

test('a name that Avro does not allow keeps its original beside it', () => {
  expect(fieldOf({ name: 'straße nr', typeOid: 25, nullable: false })).toEqual({
    name: 'stra_e_nr',
    type: 'string',
    'spine.name': 'straße nr',
  });
});

test('field names are legal, distinct and keep what is legal already', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 12 }), (columns) => {
      const names = avroFieldNames(columns);
      expect(new Set(names).size).toBe(columns.length);
      for (const [place, name] of names.entries()) {
        expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
        if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(columns[place] ?? '')) expect(name).toBe(columns[place]);
      }
    }),
  );
});
