import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Profile } from '../check-rules.ts';
import { canonicalForm } from './canonical-form.ts';
import { canRead, findAvroIncompatibilities } from './find-incompatibilities.ts';
import { parseAvro } from './parse-avro.ts';

const parse = (json: unknown) => parseAvro(JSON.stringify(json));
const kinds = (reader: unknown, writer: unknown, profile: Profile = 'strict'): readonly string[] =>
  findAvroIncompatibilities(parse(reader), parse(writer), { profile }).map(
    ({ kind, path }) => `${kind} ${path}`,
  );
const holding = (type: unknown, more: object = {}): unknown => ({
  type: 'record',
  name: 'R',
  fields: [{ name: 'a', type, ...more }],
});
const logical = (type: string, logicalType: string, more: object = {}): unknown => ({
  type,
  logicalType,
  ...more,
});
const decimal = (precision: number, scale: number): unknown =>
  logical('bytes', 'decimal', { precision, scale });

test.each([
  ['another unit of time', logical('long', 'timestamp-millis'), logical('long', 'timestamp-micros'), true],
  [
    'local for global time',
    logical('long', 'local-timestamp-micros'),
    logical('long', 'timestamp-micros'),
    true,
  ],
  ['a moved decimal point', decimal(10, 2), decimal(10, 3), true],
  ['fewer digits', decimal(8, 2), decimal(10, 2), true],
  ['more digits', decimal(12, 2), decimal(10, 2), false],
  ['a decimal for plain bytes', decimal(10, 2), 'bytes', true],
  ['plain bytes for a decimal', 'bytes', decimal(10, 2), true],
  ['a unit for a plain number', logical('long', 'timestamp-micros'), 'long', false],
  ['a plain number for a unit', 'long', logical('long', 'timestamp-micros'), false],
  ['a uuid for any text', logical('string', 'uuid'), 'string', true],
  ['any text for a uuid', 'string', logical('string', 'uuid'), false],
  ['a date for a time of day', logical('int', 'date'), logical('int', 'time-millis'), true],
])('logical types are checked: %s', (_what, reader, writer, breaks) => {
  expect(kinds(holding(reader), holding(writer))).toEqual(
    breaks ? ['LOGICAL_TYPE_MISMATCH /fields/0/type'] : [],
  );
});

test('a branch that reads the bytes as something else is named for what it is, not as missing', () => {
  const writer = ['null', logical('long', 'timestamp-micros')];
  expect(kinds([logical('long', 'timestamp-millis'), 'null'], writer)).toEqual(['LOGICAL_TYPE_MISMATCH /0']);
  // Decoders take the branch of the very type, though the other one would keep the meaning.
  expect(kinds([logical('long', 'timestamp-millis'), 'double'], writer[1])).toEqual([
    'LOGICAL_TYPE_MISMATCH /0',
  ]);
  expect(kinds(['null', logical('int', 'date')], writer)).toEqual(['MISSING_UNION_BRANCH /1']);
});

test.each([
  ['another unit of time', logical('long', 'timestamp-millis'), logical('long', 'timestamp-micros')],
  ['a moved decimal point', decimal(10, 2), decimal(10, 3)],
  ['a unit in a union', ['null', logical('int', 'date')], ['null', logical('int', 'time-millis')]],
])('Java looks at bytes only, and so does its profile: %s', (_what, reader, writer) => {
  expect(kinds(holding(reader), holding(writer), 'confluent')).toEqual([]);
  expect(kinds(holding(reader), holding(writer), 'strict')).toHaveLength(1);
});

test('an enum field that only its enum has a default for is a mismatch of types to Java', () => {
  const reader = holding({ type: 'enum', name: 'E', symbols: ['A'], default: 'A' });
  const writer = { type: 'record', name: 'R', fields: [] };
  expect(kinds(reader, writer, 'confluent')).toEqual(['TYPE_MISMATCH /fields/0/type']);
  expect(kinds(reader, writer, 'strict')).toEqual(['READER_FIELD_MISSING_DEFAULT_VALUE /fields/0']);
});

test('an alias finds the field of the writer, and two fields for one alias are a breach', () => {
  const reader = holding('int', { aliases: ['b'] });
  const one = { type: 'record', name: 'R', fields: [{ name: 'b', type: 'int' }] };
  const two = {
    type: 'record',
    name: 'R',
    fields: [
      { name: 'a', type: 'int' },
      { name: 'b', type: 'int' },
    ],
  };
  expect(kinds(reader, one)).toEqual([]);
  expect(kinds(reader, two)).toEqual(['AMBIGUOUS_ALIAS /fields/0']);
});

test('an alias of a type must be the full name of the writer', () => {
  const named = (name: string, aliases: string[] = []): unknown => ({
    type: 'fixed',
    name,
    size: 4,
    aliases,
  });
  expect(kinds(named('b.New', ['a.Old']), named('a.Old'))).toEqual([]);
  expect(kinds(named('b.New', ['c.Old']), named('a.Old'))).toEqual(['NAME_MISMATCH /name']);
});

test('a type that holds itself is judged by all of it, not by what was assumed on the way', () => {
  // The pair (Node, Node) is assumed while its branches are tried. Remembered as proven, it would let `next` pass.
  const node = (payload: string): unknown => ({
    type: 'record',
    name: 'Root',
    fields: [
      {
        name: 'head',
        type: [
          {
            type: 'record',
            name: 'Node',
            fields: [
              { name: 'next', type: ['null', 'Node'] },
              { name: 'payload', type: payload },
            ],
          },
          'null',
        ],
      },
      { name: 'tail', type: { type: 'array', items: 'Node' } },
    ],
  });
  expect(kinds(node('int'), node('string'))).toEqual([
    'MISSING_UNION_BRANCH /fields/0/type/0',
    'MISSING_UNION_BRANCH /fields/1/type/items/fields/0/type/1',
    'TYPE_MISMATCH /fields/1/type/items/fields/1/type',
  ]);
  expect(kinds(node('long'), node('int'))).toEqual([]);
});

test('a long chain of types is walked without exhausting the stack', () => {
  const chain = (payload: string): unknown => [
    { type: 'record', name: 'T0', fields: [{ name: 'x', type: payload }] },
    ...Array.from({ length: 1_200 }, (_, i) => ({
      type: 'record',
      name: `T${i + 1}`,
      fields: [{ name: 'x', type: `T${i}` }],
    })),
  ];
  const [reader, writer] = [chain('int'), chain('string')];
  const last = (types: unknown): unknown => ({ type: 'array', items: types });
  expect(canRead(parse(last(reader)), parse(last(writer)))).toBe(false);
});

test('unions of many records that all look alike are compared in bounded time', () => {
  const many = (extra: string): unknown =>
    Array.from({ length: 150 }, (_, i) => ({
      type: 'record',
      name: `n${i}.R`,
      fields: [{ name: extra, type: 'int' }],
    }));
  expect(findAvroIncompatibilities(parse(many('a')), parse(many('b')))).toHaveLength(150);
});

/** Small random schemas, close enough to each other that both verdicts occur. */
const anyType = fc.letrec<{ type: unknown }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<unknown>('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'),
    fc.constantFrom(
      logical('long', 'timestamp-micros'),
      logical('int', 'date'),
      decimal(9, 2),
      decimal(9, 3),
    ),
    tie('type').map((items) => ({ type: 'array', items })),
    tie('type').map((values) => ({ type: 'map', values })),
    fc.uniqueArray(fc.constantFrom('null', 'int', 'long', 'string'), { minLength: 1, maxLength: 4 }),
  ),
})).type;
const anyRecord = fc
  .uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), type: anyType }), {
    selector: (field) => field.name,
    maxLength: 4,
  })
  .map((fields) => parse({ type: 'record', name: 'R', fields }));

test('property: a schema reads what it wrote', () => {
  fc.assert(fc.property(anyRecord, (schema) => findAvroIncompatibilities(schema, schema).length === 0));
});

test('property: the verdict and the list of reasons agree', () => {
  let readable = 0;
  let total = 0;
  fc.assert(
    fc.property(anyRecord, anyRecord, (reader, writer) => {
      const verdict = canRead(reader, writer);
      readable += verdict ? 1 : 0;
      total += 1;
      return verdict === (findAvroIncompatibilities(reader, writer).length === 0);
    }),
    { numRuns: 500 },
  );
  // A generator that only makes one kind of pair proves nothing.
  expect(readable).toBeGreaterThan(total / 50);
  expect(readable).toBeLessThan(total);
});

test('property: schemas of one canonical form read each other', () => {
  fc.assert(
    fc.property(anyRecord, (schema) => {
      const again = parseAvro(canonicalForm(schema, 'resolution'));
      expect(canonicalForm(again, 'resolution')).toBe(canonicalForm(schema, 'resolution'));
      return canRead(again, schema) && canRead(schema, again);
    }),
  );
});
