import { expect, test } from 'vitest';
import { listAvroFields } from './list-fields.ts';
import { parseAvro } from './parse-avro.ts';

const list = (fields: readonly object[]): readonly string[] =>
  listAvroFields(parseAvro(JSON.stringify({ type: 'record', name: 'shop.R', fields }))).map(
    ({ path, type }) => `${path}: ${type}`,
  );

test('types are printed for people', () => {
  expect(
    list([
      { name: 'id', type: 'long' },
      { name: 'email', type: ['null', 'string'] },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
      { name: 'paid', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }] },
      { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
      { name: 'marks', type: { type: 'array', items: ['null', 'string'] } },
      { name: 'counts', type: { type: 'map', values: 'int' } },
      { name: 'either', type: ['int', 'string'] },
      { name: 'maybe', type: ['null', 'int', 'string'] },
      { name: 'state', type: { type: 'enum', name: 'State', symbols: ['OPEN'] } },
      { name: 'hash', type: { type: 'fixed', name: 'Sha', size: 32 } },
    ]),
  ).toEqual([
    'id: long',
    'email: string?',
    'at: long (timestamp-micros)',
    'paid: long? (timestamp-micros)',
    'price: bytes (decimal(10, 2))',
    'marks: string?[]',
    'counts: map<int>',
    'either: int | string',
    'maybe: (int | string)?',
    'state: State (enum)',
    'hash: Sha (fixed 32)',
  ]);
});

test('fields inside fields have paths, and a type inside itself is opened once', () => {
  const line = { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }] };
  expect(
    list([
      {
        name: 'address',
        type: { type: 'record', name: 'Address', fields: [{ name: 'city', type: 'string' }] },
      },
      { name: 'lines', type: { type: 'array', items: line } },
      { name: 'byDay', type: { type: 'map', values: 'Line' } },
      { name: 'parent', type: ['null', 'R'] },
    ]),
  ).toEqual([
    'address: Address',
    'address.city: string',
    'lines: Line[]',
    'lines[].sku: string',
    'byDay: map<Line>',
    'byDay{}.sku: string',
    'parent: R?',
  ]);
});

test('a field knows the column that it was named after', () => {
  const [field] = listAvroFields(
    parseAvro(
      '{"type":"record","name":"R","fields":[{"name":"first_name","type":"int","spine.name":"first name"}]}',
    ),
  );
  expect(field).toMatchObject({ path: 'first_name', sourcePath: 'first name' });
});

test('records that use records do not multiply without end', () => {
  const levels = Array.from({ length: 24 }, (_, i) => ({
    name: `l${i}`,
    type: {
      type: 'record',
      name: `L${i}`,
      fields:
        i === 0 ? [{ name: 'x', type: 'int' }] : ['p', 'q'].map((name) => ({ name, type: `L${i - 1}` })),
    },
  }));
  expect(list(levels).length).toBeLessThanOrEqual(2_000);
});

test('unions of records that use records do not multiply without end, though they list nothing new', () => {
  const level = (i: number): readonly unknown[] =>
    Array.from({ length: 10 }, (_, j) => ({
      type: 'record',
      name: `l${i}n${j}.R`,
      fields: [
        { name: 'x', type: i === 0 ? 'int' : Array.from({ length: 10 }, (_, k) => `l${i - 1}n${k}.R`) },
      ],
    }));
  const all = Array.from({ length: 8 }, (_, i) => level(i)).flat();
  const start = process.cpuUsage().user;
  expect(list([{ name: 'all', type: all }]).length).toBeGreaterThan(1);
  expect((process.cpuUsage().user - start) / 1_000).toBeLessThan(1_000);
});
