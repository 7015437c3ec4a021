import { expect, test } from 'vitest';
import { createBudget } from './budget.ts';
import { createPatterns } from './pattern/pattern.ts';
import { parse } from './testing/json-schema-builder.ts';
import { createValidator } from './validate-instance.ts';

const newest = (more: object) => ({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...more });
const nothing = { type: 'null' };
const whole = { type: 'integer' };

function fits(
  schema: unknown,
  value: unknown,
  options?: { readonly checksFormats: boolean },
): boolean | undefined {
  const budget = createBudget(10_000);
  const validate = createValidator(budget, createPatterns(budget), options);
  return validate(parse(schema).root, value);
}

// Where the validator that the property tests hold ours to departs from the specification.
test.each<[string, object, unknown, boolean]>([
  [
    'an alternative that fails saw nothing',
    { oneOf: [{ patternProperties: { '^a': false } }, true], unevaluatedProperties: nothing },
    { a: 6 },
    false,
  ],
  [
    'an alternative that fits saw what it names',
    { anyOf: [{ properties: { a: whole } }, false], unevaluatedProperties: false },
    { a: 6 },
    true,
  ],
  [
    'items of an alternative that fails were not seen',
    { anyOf: [{ items: false }, { maxItems: 9 }], unevaluatedItems: nothing },
    [1],
    false,
  ],
  [
    'contains saw the items that fit it',
    { contains: whole, unevaluatedItems: { type: 'string' } },
    [1, 'a'],
    true,
  ],
  ['contains saw no others', { contains: whole, unevaluatedItems: { type: 'string' } }, [1, null], false],
  [
    'what is refused saw nothing',
    { not: { properties: { a: nothing } }, unevaluatedProperties: false },
    { a: 6 },
    false,
  ],
  [
    'a condition saw what it names',
    { if: { properties: { a: whole } }, unevaluatedProperties: false },
    { a: 6 },
    true,
  ],
  ['contains beside a tuple holds for none', { prefixItems: [true], contains: whole }, [], false],
])('%s', (_what, schema, value, expected) => {
  expect(fits(newest(schema), value)).toBe(expected);
});

test('up to draft-07 nothing beside a reference counts', () => {
  expect(
    fits(
      { properties: { a: { $ref: '#/definitions/a', type: 'null' } }, definitions: { a: whole } },
      { a: 1 },
    ),
  ).toBe(true);
});

test.each<[unknown, unknown]>([
  [{ pattern: '(a)\\1' }, 'aa'],
  [{ patternProperties: { '(a)\\1': false } }, { aa: 1 }],
])('where a pattern is not understood nothing is decided: %j', (schema, value) => {
  expect(fits(schema, value)).toBeUndefined();
});

test('formats only describe, and one text fits none where they are asked for', () => {
  const schema = { type: 'string', format: 'date' };
  expect(fits(schema, '~')).toBe(true);
  expect(fits(schema, '~', { checksFormats: true })).toBe(false);
  expect(fits(schema, '2024-01-01', { checksFormats: true })).toBeUndefined();
});

test.each([
  [0.3, 0.1, true],
  [0.35, 0.1, false],
  [7, 2, false],
  [9_007_199_254_740_991, 2, false],
])('%d is a multiple of %d: %s', (value, multipleOf, expected) => {
  expect(fits({ multipleOf }, value)).toBe(expected);
});
