import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { expect, test } from 'vitest';
import { createLimitRule } from './limit-rule.ts';

const schema = buildSchema('type Query { me: Me, you: Me } type Me { friend: Me, name: String }');
const rule = createLimitRule({ depth: 4, aliases: 3, rootFields: 2 });
const refusals = (query: string): readonly string[] =>
  validate(schema, parse(query), [...specifiedRules, rule]).map((error) => error.message);

test.each([
  ['as deep as allowed', '{ me { friend { friend { name } } } }'],
  ['as many aliases as allowed', '{ a: me { b: name c: name } }'],
  ['as many root fields as allowed', '{ me { name } you { name } }'],
  ['the usual introspection', getIntrospectionQuery()],
])('an operation passes when it is %s', (_, query) => {
  expect(refusals(query)).toEqual([]);
});

test.each([
  [
    '{ me { friend { friend { friend { name } } } } }',
    'the operation has 5 levels of fields; the limit is 4',
  ],
  ['{ a: me { b: name c: name d: name } }', 'the operation has 4 aliases; the limit is 3'],
  ['{ me { name } you { name } __typename }', 'the operation has 3 root fields; the limit is 2'],
])('%s is refused with the limit it breaks', (query, message) => {
  expect(refusals(query)).toEqual([message]);
});

test('depth is counted through fragments, named and inline', () => {
  const query = `{ me { ...A } } fragment A on Me { friend { ... { friend { ...B } } } } fragment B on Me { friend { name } }`;
  expect(refusals(query)).toEqual(['the operation has 5 levels of fields; the limit is 4']);
});

test('aliases count once for every spread of their fragment', () => {
  const query = '{ me { ...A friend { ...A } } } fragment A on Me { x: name y: name }';
  expect(refusals(query)).toEqual(['the operation has 4 aliases; the limit is 3']);
});

test('a text whose expansion is astronomically large is measured at once', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on Me { a: name ...F${n + 1} ...F${n + 1} }`,
  );
  const query = `{ me { ...F0 } } ${fragments.join(' ')} fragment F60 on Me { b: name }`;
  const startedAt = performance.now();
  const errors = validate(schema, parse(query), [rule]);
  expect(errors[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_LARGE', limit: 'aliases' });
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test('fragments that spread each other are refused without hanging', () => {
  const query = '{ me { ...A } } fragment A on Me { friend { ...B } } fragment B on Me { friend { ...A } }';
  expect(refusals(query).join()).toContain('Cannot spread fragment');
});
