import { Problem } from '@spine/kernel/problem';
import { describe, expect, test } from 'vitest';
import { profiles } from '../check-rules.ts';
import type { Incompatibility } from '../incompatibility.ts';
import { canonicalForm } from './canonical-form.ts';
import { findAvroIncompatibilities } from './find-incompatibilities.ts';
import { listAvroFields } from './list-fields.ts';
import { parseAvro } from './parse-avro.ts';
import { compactJson } from './schema-json.ts';

/** What a caller waits for: the answer, or a refusal with one of these codes. */
const limit = 1_000;
const refusals = ['SCHEMA_INVALID', 'SCHEMA_TOO_COMPLEX'];

const range = <T>(length: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length }, (_, index) => make(index));
const record = (name: string, fields: readonly unknown[]) => ({ type: 'record', name, fields });

/** Every record may hold every other one: what one pair says rests on what all pairs say. */
const everyoneHoldsEveryone = (count: number, leaf: string): string =>
  JSON.stringify([
    ...range(count, (i) =>
      record(`R${i}`, [
        { name: 'x', type: leaf },
        ...range(count, (j) => ({ name: `f${j}`, type: ['null', `R${Math.min(i, j)}`] })),
      ]),
    ),
  ]);

/** Unions of records that all go by one simple name, so that each could be meant by each. */
const alike = (count: number, fields: number, extra: string): string =>
  JSON.stringify(
    range(count, (i) =>
      record(`n${i}.R`, [
        ...range(fields, (j) => ({ name: `f${j}`, type: 'int' })),
        { name: extra, type: 'int' },
      ]),
    ),
  );

const hostile: readonly (readonly [string, () => readonly [string, string]])[] = [
  ['10,000 fields that all changed', () => [wide(10_000, 'int'), wide(10_000, 'string')]],
  [
    '10,000 nullable fields that all changed',
    () => [wide(10_000, ['null', 'int']), wide(10_000, ['null', 'string'])],
  ],
  ['10,000 fields that are gone', () => [wide(10_000, 'int'), JSON.stringify(record('R', []))]],
  ['1,000 branches on both sides', () => [alikeNot('int'), alikeNot('string')]],
  ['1,000 records of one simple name on both sides', () => [alike(1_000, 1, 'a'), alike(1_000, 1, 'b')]],
  ['300 wide records of one simple name on both sides', () => [alike(300, 60, 'a'), alike(300, 60, 'b')]],
  [
    '100 records that hold each other',
    () => [everyoneHoldsEveryone(100, 'int'), everyoneHoldsEveryone(100, 'string')],
  ],
  ['unions of alike records inside each other', () => [nestedAlike(7, 'int'), nestedAlike(7, 'string')]],
  ['100,000 arrays inside each other', () => [nested(100_000), nested(100_000)]],
  ['100,000 brackets', () => ['['.repeat(100_000), '['.repeat(100_000)]],
  ['500,000 quotes without an end', () => [endless(500_000), endless(500_000)]],
  ['50,000 symbols', () => [symbols(50_000, 'A'), symbols(50_000, 'B')]],
  ['a text of many megabytes', () => [wide(120_000, 'int'), wide(120_000, 'string')]],
];

describe.each(profiles)('under %s', (profile) => {
  test.each(hostile)('%s are answered or refused within a second', (_what, make) => {
    const [reader, writer] = make();
    const parsed = measure(() => [parseAvro(reader), parseAvro(writer)] as const);
    expect(parsed.took).toBeLessThan(limit);
    if (parsed.value === undefined) return;
    const [read, written] = parsed.value;
    const forms = measure(() => [canonicalForm(read, 'resolution'), listAvroFields(read)]);
    expect(forms.took).toBeLessThan(limit);
    const checked = measure((): readonly Incompatibility[] =>
      findAvroIncompatibilities(read, written, { profile }),
    );
    expect(checked.took).toBeLessThan(limit);
    if (checked.value !== undefined) expect(checked.value).not.toEqual([]);
  });
});

test('a text that is no JSON is made compact in bounded time, too: it is known by that before it is read', () => {
  const compacted = measure(() => compactJson(endless(500_000)));
  expect(compacted.took).toBeLessThan(limit);
  expect(compactJson('{ "a b" : "c \\" d" }')).toBe('{"a b":"c \\" d"}');
});

test('definitions that lie in each other across many texts are refused, not crashed on', () => {
  const references = range(4_000, (i) => ({
    name: `T${i}`,
    text: JSON.stringify(record(`T${i}`, [{ name: 'x', type: i === 0 ? 'int' : `T${i - 1}` }])),
  }));
  const schema = parseAvro('"T3999"', references);
  expect(() => canonicalForm(schema, 'resolution')).toThrow(/nest too deep/);
  expect(listAvroFields(schema).length).toBeLessThan(200);
  expect(findAvroIncompatibilities(schema, schema)).toEqual([]);
});

function wide(count: number, type: unknown): string {
  return JSON.stringify(
    record(
      'R',
      range(count, (i) => ({ name: `f${i}`, type })),
    ),
  );
}

function alikeNot(leaf: string): string {
  return JSON.stringify(range(1_000, (i) => record(`R${i}`, [{ name: 'x', type: leaf }])));
}

function symbols(count: number, prefix: string): string {
  return JSON.stringify({ type: 'enum', name: 'E', symbols: range(count, (i) => `${prefix}${i}`) });
}

function endless(quotes: number): string {
  return `{"type":"${'\\"'.repeat(quotes)}`;
}

function nested(depth: number): string {
  return `${'{"type":"array","items":'.repeat(depth)}"int"${'}'.repeat(depth)}`;
}

/** Every level holds a union of all records of the level below, any of which could read any. */
function nestedAlike(levels: number, leaf: string): string {
  const below = (level: number): unknown => (level === 0 ? leaf : range(10, (j) => `l${level - 1}n${j}.R`));
  return JSON.stringify(
    range(levels, (level) =>
      range(10, (i) => record(`l${level}n${i}.R`, [{ name: 'x', type: below(level) }])),
    ).flat(),
  );
}

/** Processor time in ms, which does not depend on what else the machine is doing. */
function measure<T>(run: () => T): { readonly took: number; readonly value?: T } {
  const start = process.cpuUsage();
  const took = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  };
  try {
    const value = run();
    return { took: took(), value };
  } catch (error) {
    if (!(error instanceof Problem) || !refusals.includes(error.code)) throw error;
    return { took: took() };
  }
}
