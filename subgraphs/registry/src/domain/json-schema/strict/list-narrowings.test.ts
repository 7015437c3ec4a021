import { describe, expect, test } from 'vitest';
import { defaultRules } from '../../check-rules.ts';
import { findJsonIncompatibilities } from '../find-incompatibilities.ts';
import { parse } from '../testing/json-schema-builder.ts';
import { listNarrowings } from './list-narrowings.ts';

const newest = (more: object) => ({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...more });
const text = { type: 'string' };
const number = { type: 'number' };
const whole = { type: 'integer' };
// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
const when = (condition: object, consequence: object) => ({ if: condition, then: consequence });

function breaches(writer: unknown, reader: unknown): readonly string[] {
  return listNarrowings(parse(reader), parse(writer), 'STRICT').differences.map(
    ({ kind, path }) => `${kind} ${path || '/'}`,
  );
}

describe('what the specification allows is compatible, whatever the words', () => {
  test.each<[string, unknown, unknown]>([
    ['any value for a text', text, true],
    ['nothing for a text', false, text],
    ['a whole number for a number', whole, number],
    ['a multiple of a whole number for a whole number', { ...number, multipleOf: 2 }, whole],
    ['values of an enum that fit', { enum: [1, 2] }, { ...whole, maximum: 2 }],
    ['a constant of an enum', { const: 'a' }, { enum: ['a', 'b'] }],
    ['both truths for a boolean', { type: 'boolean' }, { enum: [true, false] }],
    ['above 3 for from 4 on, in whole numbers', { ...whole, exclusiveMinimum: 3 }, { minimum: 4 }],
    ['one type of several', { type: ['string', 'null'] }, { anyOf: [{ type: 'null' }, text] }],
    [
      'alternatives that exclude each other',
      { type: ['string', 'null'] },
      { oneOf: [{ type: 'null' }, text] },
    ],
    [
      'kinds that are told apart by a property',
      { oneOf: [{ properties: { k: { const: 'a' } }, required: ['k'], type: 'object' }] },
      {
        oneOf: ['a', 'b'].map((k) => ({ properties: { k: { const: k } }, required: ['k'] })),
      },
    ],
    ['a property removed from an open object', { properties: { a: text } }, {}],
    [
      'an optional property added to a closed object',
      { properties: {}, additionalProperties: false },
      { properties: { a: text }, additionalProperties: false },
    ],
    [
      'no property where names are refused',
      { propertyNames: { maxLength: 1 } },
      { properties: { ab: text } },
    ],
    ['the same refusal', { not: whole }, { not: { ...whole, minimum: 3 } }],
    ['a type that is refused already', text, { not: number }],
    ['one needed property of two', { required: ['a', 'b'] }, { dependencies: { a: ['b'] } }],
    ['items of a tuple for all', { items: [text, text], additionalItems: false }, { items: text }],
    ['a short array without equal items', { maxItems: 1 }, { uniqueItems: true }],
    ['the same condition', when(whole, { minimum: 3 }), when(whole, { minimum: 2 })],
    ['a format that the reader does not ask for', { ...text, format: 'date' }, text],
    ['the draft of a tuple', { items: [text] }, newest({ prefixItems: [text] })],
    [
      'properties that are all seen',
      newest({ properties: { a: text }, additionalProperties: false }),
      newest({ allOf: [{ properties: { a: text } }], unevaluatedProperties: false }),
    ],
    [
      'an optional property beside what no other part may hold',
      newest({ allOf: [{ properties: { a: text } }], unevaluatedProperties: false }),
      newest({ properties: { a: text, b: number } }),
    ],
  ])('%s', (_what, writer, reader) => {
    expect(breaches(writer, reader)).toEqual([]);
  });
});

describe('what the specification refuses is a breach', () => {
  test.each<[string, unknown, unknown, readonly string[]]>([
    ['another type', text, number, ['TYPE_CHANGED /']],
    ['a number for a whole one', number, whole, ['TYPE_NARROWED /']],
    [
      'a required property with a default',
      { properties: { a: text } },
      { properties: { a: { ...text, default: '' } }, required: ['a'] },
      ['REQUIRED_ATTRIBUTE_ADDED /required/a'],
    ],
    [
      'a property of an open object',
      {},
      { properties: { a: text } },
      ['OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL /properties/a'],
    ],
    [
      'a property that a closed object loses',
      { properties: { a: text }, additionalProperties: false },
      { additionalProperties: false },
      ['PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL /properties/a'],
    ],
    [
      'an exclusive limit of draft-04',
      number,
      { $schema: 'http://json-schema.org/draft-04/schema#', ...number, minimum: 1, exclusiveMinimum: true },
      ['MINIMUM_ADDED /minimum', 'EXCLUSIVE_MINIMUM_ADDED /exclusiveMinimum'],
    ],
    ['a format', text, { ...text, format: 'date' }, ['FORMAT_ADDED /format']],
    ['another format', { ...text, format: 'time' }, { ...text, format: 'date' }, ['FORMAT_CHANGED /format']],
    ['a pattern', text, { ...text, pattern: '^a' }, ['PATTERN_ADDED /pattern']],
    ['fewer values', { enum: ['a', 'b'] }, { enum: ['a'] }, ['ENUM_ARRAY_NARROWED /enum']],
    ['other values', { enum: ['a'] }, { enum: ['b'] }, ['ENUM_ARRAY_CHANGED /enum']],
    [
      'items that must be there',
      { type: 'array' },
      { type: 'array', contains: text },
      ['CONTAINS_NARROWED /contains'],
    ],
    [
      'names',
      { type: 'object' },
      { type: 'object', propertyNames: { maxLength: 1 } },
      ['PROPERTY_NAMES_NARROWED /propertyNames'],
    ],
    [
      'a pattern of names',
      { type: 'object' },
      { type: 'object', patternProperties: { '^a': text } },
      ['PATTERN_PROPERTIES_NARROWED /patternProperties/^a'],
    ],
    ['a condition', number, when(whole, { minimum: 3 }), ['CONDITION_NARROWED /if']],
    [
      'alternatives that overlap',
      { ...whole, minimum: 0 },
      { oneOf: [whole, number] },
      ['COMBINED_TYPE_SUBSCHEMAS_CHANGED /oneOf'],
    ],
    ['what is refused', number, { not: whole }, ['NOT_TYPE_EXTENDED /not']],
    [
      'inside an alternative',
      { oneOf: [{ type: 'null' }, { ...text, maxLength: 9 }] },
      { oneOf: [{ type: 'null' }, { ...text, maxLength: 3 }] },
      ['MAX_LENGTH_DECREASED /oneOf/1/maxLength'],
    ],
    [
      'unseen properties',
      newest({ type: 'object', properties: { a: text } }),
      newest({ properties: { a: text }, unevaluatedProperties: false }),
      ['UNEVALUATED_PROPERTIES_REMOVED /unevaluatedProperties'],
    ],
    [
      'unseen items',
      newest({ type: 'array' }),
      newest({ prefixItems: [true], unevaluatedItems: false }),
      ['UNEVALUATED_ITEMS_REMOVED /unevaluatedItems'],
    ],
  ])('%s', (_what, writer, reader, expected) => {
    expect(breaches(writer, reader)).toEqual(expected);
  });
});

test('where the field disagrees the profiles do: any value for a text, and a required property with a default', () => {
  const strict = defaultRules('strict');
  const confluent = defaultRules('confluent');
  const closed = { type: 'object', additionalProperties: false };
  const grown = { ...closed, properties: { a: { ...text, default: '' } }, required: ['a'] };
  const count = (reader: unknown, writer: unknown, rules: typeof strict) =>
    findJsonIncompatibilities(parse(reader), parse(writer), rules).length;
  expect(count(true, text, strict)).toBe(0);
  expect(count(grown, closed, confluent)).toBe(0);
  expect(count(grown, closed, strict)).toBe(1);
});

test('what lets a reader in a circle fail is found through the circle', () => {
  const tree = (leaf: object) => ({
    type: 'object',
    properties: { children: { type: 'array', items: { $ref: '#' } }, value: leaf },
    additionalProperties: false,
  });
  expect(breaches(tree(whole), tree(number))).toEqual([]);
  expect(breaches(tree(number), tree(whole))).toEqual(['TYPE_NARROWED /properties/value']);
});

test('a schema that multiplies is refused in bounded time', () => {
  const branches = (depth: number, salt: string): object =>
    depth === 0
      ? { properties: { [salt]: { const: salt } } }
      : {
          anyOf: Array.from({ length: 6 }, (_, index) => ({
            properties: { p: branches(depth - 1, `${salt}${index}`) },
          })),
        };
  const [writer, reader] = [parse(branches(5, 'w')), parse(branches(5, 'r'))];
  const begun = process.cpuUsage();
  try {
    listNarrowings(reader, writer, 'STRICT');
  } catch (error) {
    expect(error).toMatchObject({ code: 'SCHEMA_TOO_COMPLEX' });
  }
  const { user, system } = process.cpuUsage(begun);
  // Work, not time: a busy machine must not fail it.
  expect((user + system) / 1_000).toBeLessThan(1_500);
});
