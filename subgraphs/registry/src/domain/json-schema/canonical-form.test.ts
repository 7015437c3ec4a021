import { expect, test } from 'vitest';
import { jsonCanonicalForm } from './canonical-form.ts';
import { parse } from './testing/json-schema-builder.ts';

const base = {
  type: 'object',
  required: ['a', 'b'],
  properties: { a: { type: 'string', enum: ['x', 'y'] }, b: { type: 'integer', default: 1 } },
};
const form = (json: unknown, references?: Record<string, unknown>) =>
  jsonCanonicalForm(parse(json, references));

test.each<[string, unknown]>([
  ['order of members', { properties: base.properties, required: base.required, type: 'object' }],
  ['order of lists without order', { ...base, required: ['b', 'a'] }],
  ['a title', { ...base, title: 'T', description: 'D', $comment: 'C', examples: [{}] }],
  ['a tag', { ...base, 'confluent:tags': ['PII'], 'x-owner': 'me' }],
  ['the name of the default draft', { $schema: 'http://json-schema.org/draft-07/schema#', ...base }],
  ['a list of one type', { ...base, type: ['object'] }],
])('the canonical form does not tell of %s', (_what, other) => {
  expect(form(other)).toBe(form(base));
});

test.each<[string, unknown]>([
  ['a default', { ...base, properties: { ...base.properties, b: { type: 'integer' } } }],
  ['a property named like an annotation', { ...base, properties: { ...base.properties, title: {} } }],
  ['another draft', { $schema: 'http://json-schema.org/draft-04/schema#', ...base }],
  ['a format', { ...base, properties: { ...base.properties, a: { type: 'string', format: 'date' } } }],
  ['what Kafka Connect decodes by', { ...base, 'connect.type': 'bytes' }],
])('the canonical form tells of %s', (_what, other) => {
  expect(form(other)).not.toBe(form(base));
});

test('what a reference leads to is part of the form, its annotations are not', () => {
  const user = { $ref: 'address.json' };
  const before = form(user, { 'address.json': { type: 'string' } });
  expect(form(user, { 'address.json': { type: 'number' } })).not.toBe(before);
  expect(form(user, { 'address.json': { type: 'string', title: 'Address' } })).toBe(before);
});

test('a member named __proto__ is a member like others', () => {
  const text = '{"properties":{"__proto__":{"type":"string"}}}';
  expect(form(JSON.parse(text))).toContain('"__proto__":{"type":"string"}');
});
