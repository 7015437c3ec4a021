import { expect, test } from 'vitest';
import type { Profile } from '../check-rules.ts';
import type { Witness } from '../incompatibility.ts';
import { findAvroIncompatibilities } from './find-incompatibilities.ts';
import { parseAvro } from './parse-avro.ts';

const parse = (json: unknown) => parseAvro(JSON.stringify(json));
const witnesses = (
  reader: unknown,
  writer: unknown,
  profile: Profile = 'confluent',
): readonly (Witness | undefined)[] =>
  findAvroIncompatibilities(parse(reader), parse(writer), { profile }).map(({ witness }) => witness);
const data = (reader: unknown, writer: unknown, profile?: Profile): readonly unknown[] =>
  witnesses(reader, writer, profile).map((witness) => witness?.datum);

const record = (fields: Readonly<Record<string, unknown>>, name = 'R') => ({
  type: 'record',
  name,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});
const letters = (name: string, ...symbols: readonly string[]) => ({ type: 'enum', name, symbols });
const decimal = (precision: number, scale: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});

test('a witness is the smallest datum that leads to the breach, with a reason', () => {
  const writer = record({
    id: 'long',
    tags: { type: 'array', items: { type: 'map', values: ['null', letters('E', 'A', 'B')] } },
    note: ['null', 'string'],
  });
  const reader = record({
    tags: { type: 'array', items: { type: 'map', values: ['null', letters('E', 'A')] } },
  });
  expect(witnesses(reader, writer)).toEqual([
    {
      datum: { id: 0, tags: [{ key: { E: 'B' } }], note: null },
      why: 'the reader has no branch that reads it',
    },
  ]);
});

test('the first symbol that the reader lacks is the one that is shown', () => {
  expect(witnesses(letters('E', 'A', 'C'), letters('E', 'A', 'B', 'C', 'D'))).toEqual([
    { datum: 'B', why: 'it is not read: the reader has no default and lacks the symbols B, D' },
  ]);
});

test.each([
  [
    'another unit of time',
    { type: 'long', logicalType: 'timestamp-millis' },
    { type: 'long', logicalType: 'timestamp-micros' },
    1,
  ],
  ['a moved decimal point', decimal(9, 2), decimal(9, 3), '\u0001'],
  ['one digit too many: 1000, where three fit', decimal(3, 0), decimal(9, 0), '\u0003\u00e8'],
  [
    'one digit too many, whose first bit would be read as a minus',
    decimal(7, 0),
    decimal(9, 0),
    '\u0000\u0098\u0096\u0080',
  ],
  ['a text that is no uuid', { type: 'string', logicalType: 'uuid' }, 'string', 'no uuid'],
])('under strict, the bytes of a witness mean something else: %s', (_what, reader, writer, datum) => {
  expect(data(reader, writer, 'strict')).toEqual([datum]);
});

test('a record that holds itself is shown no deeper than it must be', () => {
  const list = (payload: string) => record({ value: payload, next: ['null', 'R'] });
  expect(data(list('int'), list('long'))).toEqual([
    { value: 0, next: null },
    { value: 0, next: { R: { value: 0, next: null } } },
  ]);
});

test('where several branches could have read it, none does', () => {
  const writer = record({ a: 'int', b: letters('E', 'A', 'B') }, 'w.R');
  const noB = record({ a: 'int', b: letters('x.E', 'A') }, 'x.R');
  const noA = record({ a: 'string', b: letters('y.E', 'A', 'B') }, 'y.R');
  // A datum with the symbol A fails at the second branch only.
  expect(data([noB, noA], writer)).toEqual([{ a: 0, b: 'B' }]);
});

test.each([
  [
    'writes nothing, for it must hold itself',
    record({ self: 'R', a: 'int' }),
    record({ self: 'R', a: 'string' }),
  ],
  ['has no symbol to write', letters('F'), letters('E')],
  [
    'writes data too large to show',
    { type: 'fixed', name: 'F', size: 1 },
    { type: 'fixed', name: 'F', size: 1_000_000 },
  ],
])('a writer that %s has no witness', (_what, reader, writer) => {
  expect(data(reader, writer)).toEqual([undefined]);
});
