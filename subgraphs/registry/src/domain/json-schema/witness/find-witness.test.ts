import { expect, test } from 'vitest';
import { defaultRules } from '../../check-rules.ts';
import { findJsonIncompatibilities } from '../find-incompatibilities.ts';
import { parse } from '../testing/json-schema-builder.ts';

const text = { type: 'string' };

function witnesses(writer: unknown, reader: unknown, profile: 'confluent' | 'strict' = 'confluent') {
  const found = findJsonIncompatibilities(parse(reader), parse(writer), defaultRules(profile));
  return found.map(({ kind, witness }) => [kind, witness?.datum]);
}

test.each<[unknown, unknown, unknown]>([
  [{ ...text, maxLength: 5 }, { ...text, maxLength: 3 }, 'aaaaa'],
  [{ type: 'number', minimum: 1 }, { type: 'number', minimum: 3 }, 1],
  [text, { type: 'number' }, 'a'],
  [{ enum: ['a', 'b'] }, { enum: ['a'] }, 'b'],
  [{ type: 'array' }, { type: 'array', uniqueItems: true }, [0, 0]],
])('a breach from %j to %j is shown', (writer, reader, datum) => {
  expect(witnesses(writer, reader)[0]?.[1]).toEqual(datum);
});

test('a breach deep inside is shown by a whole value', () => {
  const order = (amount: object) => ({
    type: 'object',
    required: ['id', 'lines'],
    properties: {
      id: { ...text, pattern: '^[A-Z]{3}-\\d+$' },
      lines: { type: 'array', items: { type: 'object', required: ['amount'], properties: { amount } } },
    },
  });
  const [found] = witnesses(order({ type: 'number' }), order({ type: 'integer' }));
  expect(found?.[0]).toBe('TYPE_NARROWED');
  expect(found?.[1]).toEqual({ id: 'AAA-0', lines: [{ amount: 0.5 }] });
});

test('a property that an open object may hold as anything is shown as something else', () => {
  expect(witnesses({ properties: { a: text } }, { properties: { a: text, b: text } })).toEqual([
    ['OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', { b: null }],
  ]);
});

test('what breaks only for Kafka clients has no witness', () => {
  expect(witnesses({ enum: ['a'] }, text)).toEqual([['TYPE_CHANGED', undefined]]);
});

test('a format is shown by a text that no reader takes which checks it', () => {
  expect(witnesses(text, { ...text, format: 'date' }, 'strict')).toEqual([['FORMAT_ADDED', '~']]);
});
