import { Problem } from '@spine/kernel/problem';
import { expect, test } from 'vitest';
import type { AvroRecord } from './avro-schema.ts';
import { parseAvro } from './parse-avro.ts';

const record = (fields: readonly unknown[], more: Record<string, unknown> = {}): string =>
  JSON.stringify({ type: 'record', name: 'shop.Order', fields, ...more });

test.each([
  ['no JSON', 'record {', ''],
  ['an unknown type', '"varchar"', ''],
  ['a name before its definition', record([{ name: 'a', type: 'Later' }]), '/fields/0/type'],
  [
    'a type twice',
    record([{ name: 'a', type: { type: 'fixed', name: 'Order', size: 4 } }]),
    '/fields/0/type/name',
  ],
  [
    'a field twice',
    record([
      { name: 'a', type: 'int' },
      { name: 'a', type: 'int' },
    ]),
    '/fields/1/name',
  ],
  ['a field name that is none', record([{ name: 'first name', type: 'int' }]), '/fields/0/name'],
  ['a field without a type', record([{ name: 'a' }]), '/fields/0'],
  ['a union in a union', '["int",["string"]]', '/1'],
  ['a branch twice', '["int","null","int"]', '/2'],
  ['a primitive name for a record', '{"type":"record","name":"x.int","fields":[]}', '/name'],
  [
    'an enum default that is no symbol',
    '{"type":"enum","name":"E","symbols":["A"],"default":"B"}',
    '/default',
  ],
  ['a symbol twice', '{"type":"enum","name":"E","symbols":["A","A"]}', '/symbols'],
  ['an enum without symbols', '{"type":"enum","name":"E"}', '/symbols'],
  ['a negative size', '{"type":"fixed","name":"F","size":-1}', '/size'],
  ['an array without items', '{"type":"array"}', ''],
  ['an unknown order', record([{ name: 'a', type: 'int', order: 'up' }]), '/fields/0/order'],
  [
    'a text as the default of an int',
    record([{ name: 'a', type: 'int', default: '0' }]),
    '/fields/0/default',
  ],
  ['an int default of 33 bits', record([{ name: 'a', type: 'int', default: 2 ** 31 }]), '/fields/0/default'],
  ['a long default of 65 bits', record([{ name: 'a', type: 'long', default: 2 ** 64 }]), '/fields/0/default'],
  ['a bare word that no Java client could read back', 'string', ''],
  [
    'a default of no branch',
    record([{ name: 'a', type: ['null', 'int'], default: 'x' }]),
    '/fields/0/default',
  ],
  [
    'a record default that lacks a field',
    record([
      { name: 'a', type: { type: 'record', name: 'In', fields: [{ name: 'x', type: 'int' }] }, default: {} },
    ]),
    '/fields/0/default',
  ],
])('R1: %s is refused with its place', (_what, text, path) => {
  const problem = problemOf(() => parseAvro(text));
  expect(problem.code).toBe('SCHEMA_INVALID');
  expect(problem.path ?? '').toBe(path);
});

test('names take the namespace around them, and aliases that of their type', () => {
  const { root, named } = parseAvro(
    JSON.stringify({
      type: 'record',
      name: 'Order',
      namespace: 'shop',
      aliases: ['Purchase', 'old.Order'],
      fields: [
        { name: 'address', type: { type: 'record', name: 'Address', fields: [] } },
        { name: 'state', type: { type: 'enum', name: 'State', namespace: 'core', symbols: ['OPEN'] } },
        { name: 'parent', type: ['null', 'Order'] },
        { name: 'bare', type: { type: 'fixed', name: 'Bare', namespace: '', size: 2 } },
        { name: 'again', type: 'Bare' },
      ],
    }),
  );
  expect(root).toEqual({ kind: 'reference', name: 'shop.Order' });
  expect([...named.keys()]).toEqual(['shop.Order', 'shop.Address', 'core.State', 'Bare']);
  const order = named.get('shop.Order');
  expect(order?.aliases).toEqual(['shop.Purchase', 'old.Order']);
  expect((order as AvroRecord).fields[2]?.type).toEqual({
    kind: 'union',
    branches: [{ kind: 'null' }, { kind: 'reference', name: 'shop.Order' }],
  });
});

test.each([
  [
    '{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}',
    { name: 'decimal', precision: 10, scale: 2 },
  ],
  ['{"type":"bytes","logicalType":"decimal","precision":2,"scale":3}', undefined],
  ['{"type":"bytes","logicalType":"decimal"}', undefined],
  ['{"type":"long","logicalType":"timestamp-micros"}', { name: 'timestamp-micros' }],
  ['{"type":"int","logicalType":"timestamp-micros"}', undefined],
  ['{"type":"string","logicalType":"constructor"}', undefined],
])('a logical type is kept if valid and ignored if not: %s', (text, logical) => {
  expect(parseAvro(text).root).toEqual(
    logical === undefined ? { kind: JSON.parse(text).type } : { kind: JSON.parse(text).type, logical },
  );
});

test('a schema nested beyond reason is refused, not crashed on', () => {
  const deep = `${'{"type":"array","items":'.repeat(50_000)}"int"${'}'.repeat(50_000)}`;
  expect(problemOf(() => parseAvro(deep)).message).toMatch(/nests deeper/);
});

test('a default that its unions multiply beyond reason is refused in bounded time', () => {
  // Each level tries every branch again for what lies below it.
  const branch = (name: string): unknown => ({
    type: 'record',
    name,
    fields: [{ name: 'x', type: ['null', ...names] }],
  });
  const names = Array.from({ length: 8 }, (_, i) => `N${i}`);
  const fields = [
    { name: 'first', type: { type: 'record', name: 'N0', fields: [{ name: 'x', type: ['null', 'N0'] }] } },
    ...names.slice(1).map((name) => ({ name, type: branch(name) })),
  ];
  const text = record(fields).replaceAll(/"null"(,"N\d")+/g, '"null","N0"');
  expect(() => parseAvro(text)).not.toThrow();
  const wide = Array.from({ length: 6 }, (_, i) => ({
    type: 'record',
    name: `W${i}`,
    fields: [{ name: 'x', type: { type: 'map', values: 'Root' } }],
  }));
  const value = Array.from({ length: 12 }).reduce<unknown>((inner) => ({ w: { x: { k: inner } } }), {
    w: 'wrong',
  });
  const bomb = JSON.stringify({
    type: 'record',
    name: 'Root',
    fields: [
      { name: 'w', type: wide },
      { name: 'd', type: ['null', 'Root'], default: value },
    ],
  });
  expect(problemOf(() => parseAvro(bomb)).code).toBe('SCHEMA_INVALID');
});

const money = {
  name: 'core.Money',
  text: '{"type":"record","name":"core.Money","fields":[{"name":"unit","type":{"type":"enum","name":"Unit","symbols":["EUR"]}}]}',
};
const line = {
  name: 'shop.Line',
  text: '{"type":"record","name":"shop.Line","fields":[{"name":"price","type":"core.Money"}]}',
};

test('a schema uses the named types of those it refers to, and theirs, also those inside them', () => {
  const { root, named } = parseAvro('["shop.Line","core.Money","core.Unit"]', [money, line]);
  expect(root).toMatchObject({ kind: 'union', branches: [{ name: 'shop.Line' }, {}, { kind: 'reference' }] });
  expect([...named.keys()]).toEqual(['core.Money', 'core.Unit', 'shop.Line']);
  expect(parseAvro('"shop.Line"', [money, line]).root).toEqual({ kind: 'reference', name: 'shop.Line' });
});

test('a namespace of its own is tried before the types of references without one', () => {
  const bare = { name: 'Money', text: '{"type":"fixed","name":"Money","size":8}' };
  const text = record([{ name: 'price', type: 'Money' }]);
  expect(parseAvro(text, [bare]).named.get('shop.Order')).toMatchObject({
    fields: [{ type: { name: 'Money' } }],
  });
});

test('an unknown name is refused with its place, a fault of a reference with its name', () => {
  const problem = problemOf(() => parseAvro(record([{ name: 'a', type: 'core.Coin' }]), [money]));
  expect(problem).toMatchObject({ code: 'SCHEMA_INVALID', path: '/fields/0/type' });
  expect(problemOf(() => parseAvro('"shop.Line"', [line])).message).toMatch(/referenced schema shop.Line/);
});

test('a type that a reference defines may be defined again in the same words, and in no others', () => {
  expect(() => parseAvro(money.text, [money])).not.toThrow();
  const other = money.text.replace('EUR', 'USD');
  expect(problemOf(() => parseAvro(other, [money]))).toMatchObject({ path: '/fields/0/type' });
});

test('documentation, order and attributes of others are kept for people and tools', () => {
  const { named } = parseAvro(
    record([{ name: 'a', type: 'int', doc: 'A', order: 'ignore', 'x.unit': 'm' }], {
      doc: 'An order',
      pii: true,
    }),
  );
  expect(named.get('shop.Order')).toMatchObject({
    doc: 'An order',
    properties: { pii: true },
    fields: [{ doc: 'A', order: 'ignore', properties: { 'x.unit': 'm' } }],
  });
});

test('what Java takes is taken: an alias twice, an order in capitals', () => {
  const text = record([{ name: 'a', type: 'int', aliases: ['b', 'b'], order: 'DESCENDING' }]);
  expect(parseAvro(text).named.get('shop.Order')).toMatchObject({ fields: [{ order: 'descending' }] });
});

test('a default may be any long, and a number for which JSON has no word', () => {
  expect(() =>
    parseAvro(
      '{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":-9223372036854775808},{"name":"b","type":"long","default":9223372036854775807},{"name":"c","type":"double","default":"NaN"}]}',
    ),
  ).not.toThrow();
});

function problemOf(fn: () => unknown): Problem {
  try {
    fn();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
