import { Problem } from '@spine/kernel/problem';
import { describe, expect, test } from 'vitest';
import { parseJsonSchema } from '../../formats/json-schema/parse-json-schema.ts';
import { defaultRules, profiles } from '../check-rules.ts';
import { jsonCanonicalForm } from './canonical-form.ts';
import { findJsonIncompatibilities } from './find-incompatibilities.ts';
import { listJsonFields } from './list-fields.ts';

/** What a caller waits for, in ms of work: the answer, or a refusal with one of these codes. Twice that for slow machines. */
const limit = 2_000;
const refusals = ['SCHEMA_INVALID', 'SCHEMA_TOO_COMPLEX'];

const newest = 'https://json-schema.org/draft/2020-12/schema';
const criteria = ['oneOf', 'anyOf', 'allOf'] as const;

type Criterion = (typeof criteria)[number];
/** Two texts of one shape that differ in the type of what lies innermost. */
type Hostile = readonly [what: string, textOf: (leaf: 'string' | 'number') => string];

const range = <T>(length: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length }, (_, index) => make(index));

const byName = (length: number, make: (index: number) => unknown, prefix = 'd'): object =>
  Object.fromEntries(range(length, (index) => [`${prefix}${index}`, make(index)]));

const defined = (levels: number, make: (level: number) => unknown): string =>
  JSON.stringify({ $ref: '#/definitions/d0', definitions: byName(levels, make) });

const to = (level: number): object => ({ $ref: `#/definitions/d${level}` });

const around = (depth: number, open: string, leaf: string, close: string): string =>
  `${open.repeat(depth)}${leaf}${close.repeat(depth)}`;

function tree(criterion: Criterion, depth: number, leaf: string): object {
  if (depth === 0) return { type: leaf };
  return { [criterion]: [tree(criterion, depth - 1, leaf), tree(criterion, depth - 1, leaf)] };
}

/** Every level combines many ways to the next one: as many ways in all as the width to the power of the depth. */
const layers = (criterion: Criterion, levels: number, width: number, leaf: string): string =>
  defined(levels, (level) =>
    level === levels - 1
      ? { type: leaf }
      : {
          [criterion]: range(width, (way) => ({
            type: 'object',
            properties: { [`p${way}`]: to(level + 1) },
            required: [`p${way}`],
          })),
        },
  );

const combinations: readonly Hostile[] = criteria.flatMap((criterion): readonly Hostile[] => [
  [`${criterion} that doubles twelve times`, (leaf) => JSON.stringify(tree(criterion, 12, leaf))],
  [`${criterion} of eight ways through thirty levels`, (leaf) => layers(criterion, 30, 8, leaf)],
  [`${criterion} of twenty ways through sixty levels`, (leaf) => layers(criterion, 60, 20, leaf)],
  [
    `${criterion} of a thousand alike`,
    (leaf) =>
      JSON.stringify({ [criterion]: range(1_000, (i) => ({ type: leaf, maxLength: i, minimum: i })) }),
  ],
  [
    `${criterion} of five hundred closed objects`,
    (leaf) =>
      JSON.stringify({
        [criterion]: range(500, (i) => ({
          type: 'object',
          properties: { [`p${i}`]: { type: leaf } },
          additionalProperties: false,
        })),
      }),
  ],
  [
    `${criterion} of twenty thousand constants`,
    (leaf) => JSON.stringify({ [criterion]: range(20_000, (i) => ({ const: `${leaf}${i}` })) }),
  ],
  [
    `${criterion} nested a hundred thousand times`,
    (leaf) => around(100_000, `{"${criterion}":[`, `{"type":"${leaf}"}`, ']}'),
  ],
]);

const depths: readonly Hostile[] = [
  [
    'properties nested to the limit',
    (leaf) => around(120, '{"properties":{"a":', `{"type":"${leaf}"}`, '}}'),
  ],
  ['conditions nested to the limit', (leaf) => around(200, '{"if":true,"then":', `{"type":"${leaf}"}`, '}')],
  ['a constant of a hundred thousand brackets', () => `{"const":${around(100_000, '[', '1', ']')}}`],
  [
    'a chain of twenty thousand references',
    (leaf) => defined(20_000, (i) => (i === 19_999 ? { type: leaf } : to(i + 1))),
  ],
  ['a circle of references', (leaf) => defined(2, (i) => (leaf === 'string' ? to(1 - i) : { type: leaf }))],
  [
    'a value that doubles at every level',
    (leaf) =>
      defined(60, (i) =>
        i === 59
          ? { type: leaf }
          : { type: 'object', required: ['a', 'b'], properties: { a: to(i + 1), b: to(i + 1) } },
      ),
  ],
  [
    'a list of ten lists of ten lists, and so on',
    (leaf) =>
      defined(30, (i) => (i === 29 ? { type: leaf } : { type: 'array', minItems: 10, items: to(i + 1) })),
  ],
  [
    'everyone holds everyone',
    (leaf) => defined(100, () => ({ properties: { v: { type: leaf }, ...byName(100, to, 'p') } })),
  ],
  [
    'everyone is one of everyone',
    (leaf) =>
      defined(40, (i) => ({
        required: [`p${i}`],
        properties: { v: { type: leaf }, [`p${i}`]: { oneOf: range(40, to) } },
      })),
  ],
  [
    'dynamic references to a schema of five hundred properties',
    (leaf) =>
      JSON.stringify({
        $schema: newest,
        $dynamicRef: '#n',
        $defs: {
          n: {
            $dynamicAnchor: 'n',
            properties: byName(500, (i) => (i === 0 ? { type: leaf } : { $dynamicRef: '#n' })),
          },
        },
      }),
  ],
  [
    'a dynamic reference to itself',
    (leaf) => JSON.stringify({ $schema: newest, $dynamicAnchor: 'n', $dynamicRef: '#n', type: leaf }),
  ],
];

const widths: readonly Hostile[] = [
  [
    'a hundred thousand values',
    (leaf) => JSON.stringify({ enum: range(100_000, (i) => (leaf === 'string' ? `${i}` : i)) }),
  ],
  [
    'a megabyte of properties',
    (leaf) => JSON.stringify({ properties: byName(30_000, () => ({ type: leaf })) }),
  ],
  [
    'a megabyte of properties, all of them others',
    (leaf) =>
      JSON.stringify({
        additionalProperties: false,
        required: range(15_000, (i) => `${leaf}${i}`),
        properties: byName(15_000, () => ({ type: leaf }), leaf),
      }),
  ],
  ['a tuple of forty thousand', (leaf) => JSON.stringify({ items: range(40_000, () => ({ type: leaf })) })],
  [
    'twenty thousand dependencies',
    (leaf) => JSON.stringify({ dependencies: byName(20_000, () => ({ type: leaf })) }),
  ],
  [
    'a thousand parts that all say something of one property',
    (leaf) =>
      JSON.stringify({ allOf: range(1_000, (i) => ({ properties: { a: { type: leaf, maxLength: i } } })) }),
  ],
  [
    'two hundred alternatives and a rest that none of them looks at',
    (leaf) =>
      JSON.stringify({
        $schema: newest,
        anyOf: range(200, (i) => ({ properties: { [`p${i}`]: { type: leaf } } })),
        unevaluatedProperties: { type: leaf },
      }),
  ],
  ['a megabyte of description', (leaf) => JSON.stringify({ type: leaf, description: 'x'.repeat(1_000_000) })],
  ['texts of two thousand million characters', (leaf) => JSON.stringify({ type: leaf, minLength: 2e9 })],
  ['lists of two thousand million items', (leaf) => JSON.stringify({ items: { type: leaf }, minItems: 2e9 })],
  ['objects of as many properties', (leaf) => JSON.stringify({ required: [leaf], minProperties: 2e9 })],
];

const names = byName(1_000, () => true, 'a'.repeat(40));
const patterns: readonly Hostile[] = [
  [
    'two thousand patterns of properties',
    (leaf) => JSON.stringify({ patternProperties: byName(2_000, () => ({ type: leaf }), '^a') }),
  ],
  [
    'a thousand names against a thousand patterns',
    (leaf) =>
      JSON.stringify({
        additionalProperties: false,
        ...(leaf === 'string'
          ? { patternProperties: byName(1_000, () => true, '^(a|b|aa)*') }
          : { properties: names }),
      }),
  ],
  ...['^(a+)+$', '^(.*a){25}$', '^((a|aa)+)\\1$', '^(?=(a+)+$)', '^((a{1,1000}){1,1000}){1,1000}$'].map(
    (pattern): Hostile => [
      `names against ${pattern}`,
      (leaf) =>
        JSON.stringify({
          additionalProperties: false,
          ...(leaf === 'string' ? { patternProperties: { [pattern]: true } } : { properties: names }),
        }),
    ],
  ),
  [
    'a pattern of a hundred thousand letters',
    (leaf) => JSON.stringify({ pattern: `${leaf}?`.repeat(15_000) }),
  ],
  [
    'a pattern of twenty thousand brackets',
    (leaf) => JSON.stringify({ pattern: around(20_000, '(', leaf, ')') }),
  ],
];

describe.each(profiles)('under %s', (profile) => {
  test.each([...combinations, ...depths, ...widths, ...patterns])(
    '%s is answered or refused within a second of work, in either direction',
    { timeout: 120_000 },
    (_what, textOf) => {
      const parsed = measure(
        () => [parseJsonSchema(textOf('string')), parseJsonSchema(textOf('number'))] as const,
      );
      // Two texts were read.
      expect(parsed.took).toBeLessThan(2 * limit);
      if (parsed.value === undefined) return;
      const [one, other] = parsed.value;
      expect(measure(() => [jsonCanonicalForm(one), listJsonFields(one)]).took).toBeLessThan(limit);
      for (const [reader, writer] of [
        [one, other],
        [other, one],
      ] as const) {
        const { took } = measure(() => findJsonIncompatibilities(reader, writer, defaultRules(profile)));
        expect(took).toBeLessThan(limit);
      }
    },
  );
});

/** Processor time in ms, which does not depend on what else the machine is doing. Undefined where it was refused. */
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
