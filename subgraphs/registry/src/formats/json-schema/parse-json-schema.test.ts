import { Problem } from '@spine/kernel/problem';
import { expect, test } from 'vitest';
import { parseJsonSchema } from './parse-json-schema.ts';

const draft = (name: string) =>
  name.startsWith('draft')
    ? `http://json-schema.org/${name}/schema#`
    : `https://json-schema.org/draft/${name}/schema`;

function refusal(json: unknown, references: Record<string, unknown> = {}): string {
  const texts = Object.entries(references).map(([name, each]) => ({ name, text: JSON.stringify(each) }));
  try {
    parseJsonSchema(typeof json === 'string' ? json : JSON.stringify(json), texts);
  } catch (error) {
    if (error instanceof Problem) return `${error.code} ${error.path}: ${error.message}`;
    throw error;
  }
  return 'none';
}

test.each(['draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12'])(
  '%s is read by its own rules',
  (name) => {
    const { root, draft: found } = parseJsonSchema(
      JSON.stringify({ $schema: draft(name), const: 1, prefixItems: [{}] }),
    );
    expect(found).toBe(name);
    expect(root.constant !== undefined).toBe(name !== 'draft-04');
    expect(root.prefixItems !== undefined).toBe(name === '2020-12');
  },
);

test('a schema that names no draft, or an unknown one, is held for draft-07', () => {
  expect(parseJsonSchema('{}').draft).toBe('draft-07');
  expect(parseJsonSchema('{"$schema":"https://example.org/own"}').draft).toBe('draft-07');
});

test('an exclusive limit is a number in every draft', () => {
  const old = parseJsonSchema(
    JSON.stringify({ $schema: draft('draft-04'), minimum: 3, exclusiveMinimum: true, maximum: 9 }),
  );
  expect(old.root).toMatchObject({ minimum: 3, exclusiveMinimum: 3, maximum: 9 });
  expect(old.root.exclusiveMaximum).toBeUndefined();
  expect(parseJsonSchema('{"exclusiveMinimum":3}').root.exclusiveMinimum).toBe(3);
});

test.each<[string, unknown, string]>([
  ['no JSON', '{', 'SCHEMA_INVALID undefined: the schema is not JSON'],
  ['a number', 5, 'SCHEMA_INVALID : the value of the schema must be object,boolean'],
  ['a text', '"string"', 'SCHEMA_INVALID : the value of the schema must be object,boolean'],
  ['an unknown type', { properties: { a: { type: 'strng' } } }, 'SCHEMA_INVALID /properties/a/type: '],
  ['a keyword of another kind', { items: { minLength: 'x' } }, 'SCHEMA_INVALID /items/minLength: '],
  ['a limit of another draft', { exclusiveMinimum: true }, 'SCHEMA_INVALID /exclusiveMinimum: '],
  [
    'no pattern',
    { patternProperties: { '(': {} } },
    'SCHEMA_INVALID /patternProperties/(: "(" is no regular expression',
  ],
  [
    'no pattern inside',
    { items: { pattern: '[' } },
    'SCHEMA_INVALID /items/pattern: "[" is no regular expression',
  ],
])('%s is refused, with its place', (_what, json, expected) => {
  expect(refusal(json)).toContain(expected);
});

test.each([
  { required: [] },
  { enum: ['a', 'a'] },
  { 'x-own': { type: 5 } },
  { pattern: '(?i)^a++$' },
  { format: 'not known' },
  { definitions: { a: { $id: 'not a uri at all' } } },
])('what Kafka clients register all the time is taken: %j', (json) => {
  expect(refusal(json)).toBe('none');
});

test.each<[string, unknown]>([
  ['by pointer', { $ref: '#/definitions/a~1b%20c', definitions: { 'a/b c': { type: 'string' } } }],
  ['by an anchor of old', { $ref: '#here', definitions: { a: { $id: '#here', type: 'string' } } }],
  [
    'by an id',
    { $id: 'http://a.org/x.json', $ref: 'y.json', definitions: { a: { $id: 'y.json', type: 'string' } } },
  ],
  ['to a place that no keyword makes', { $ref: '#/components/a', components: { a: { type: 'string' } } }],
])('a reference %s is followed', (_what, json) => {
  const { $ref, ...rest } = Object(json);
  expect(
    parseJsonSchema(JSON.stringify({ ...rest, properties: { p: { $ref } } })).root.properties?.get('p')?.ref,
  ).toMatchObject({ types: ['string'] });
});

test.each([
  ['$anchor', { $ref: '#here', $defs: { a: { $anchor: 'here', type: 'string' } } }],
  ['$dynamicAnchor', { $dynamicRef: '#here', $defs: { a: { $dynamicAnchor: 'here', type: 'string' } } }],
])('a reference to %s is followed in the newest draft', (_what, json) => {
  const { root } = parseJsonSchema(JSON.stringify({ $schema: draft('2020-12'), ...json }));
  expect(root.ref).toMatchObject({ types: ['string'] });
});

test('references are found by their name, by the id of their text, and from one text to the next', () => {
  const references = {
    'common/address.json': { properties: { country: { $ref: 'country.json' } } },
    'common/country.json': { $id: 'https://a.org/country', enum: ['SE'] },
  };
  const texts = Object.entries(references).map(([name, json]) => ({ name, text: JSON.stringify(json) }));
  const { root } = parseJsonSchema(
    '{"properties":{"a":{"$ref":"./common/address.json"},"c":{"$ref":"https://a.org/country#"}}}',
    texts,
  );
  const country = root.properties?.get('a')?.ref?.properties?.get('country')?.ref;
  expect(country).toMatchObject({ values: ['SE'], document: 'common/country.json' });
  expect(root.properties?.get('c')?.ref).toBe(country);
});

test('a reference to the metaschema needs none to be published', () => {
  expect(refusal({ properties: { schema: { $ref: draft('draft-07') } } })).toBe('none');
  expect(refusal({ $schema: draft('2020-12'), properties: { schema: { $ref: draft('2020-12') } } })).toBe(
    'none',
  );
});

test.each<[string, unknown, string]>([
  ['to nowhere', { items: { $ref: '#/definitions/a' } }, '/items/$ref: $ref "#/definitions/a" leads nowhere'],
  ['to the network', { $ref: 'http://a.org/b.json' }, '/$ref: $ref "http://a.org/b.json" leads nowhere'],
  ['to itself', { $ref: '#' }, ': the schema uses itself without end'],
  [
    'to itself by two steps',
    { anyOf: [{ $ref: '#/definitions/a' }], definitions: { a: { not: { $ref: '#' } } } },
    'end',
  ],
])('a reference %s is refused', (_what, json, expected) => {
  expect(refusal(json)).toContain(expected);
});

test('a schema that leads back into itself through a property is read', () => {
  const { root } = parseJsonSchema('{"properties":{"next":{"$ref":"#"}}}');
  expect(root.properties?.get('next')?.ref).toBe(root);
});

test('a fault in a reference is told with its name', () => {
  expect(refusal({ $ref: 'a.json' }, { 'a.json': { type: 5 } })).toContain('in the reference "a.json": ');
});

test('deep nesting and long chains of references end in an answer, not in an overflow', () => {
  const deep = `${'{"not":'.repeat(100_000)}{}${'}'.repeat(100_000)}`;
  expect(refusal(deep)).toContain('nests deeper');
  const definitions: Record<string, unknown> = { d20000: { type: 'string' } };
  for (let index = 0; index < 20_000; index += 1) {
    definitions[`d${index}`] = { allOf: [{ $ref: `#/definitions/d${index + 1}` }] };
  }
  expect(refusal({ $ref: '#/definitions/d0', definitions })).toBe('none');
});

test('members named like those of every object are names like others', () => {
  const { root } = parseJsonSchema(
    '{"properties":{"__proto__":{"type":"string"},"constructor":{"$ref":"#/definitions/__proto__"}},"definitions":{"__proto__":{"type":"null"}}}',
  );
  expect(root.properties?.get('__proto__')).toMatchObject({ types: ['string'] });
  expect(root.properties?.get('constructor')?.ref).toMatchObject({ types: ['null'] });
});
