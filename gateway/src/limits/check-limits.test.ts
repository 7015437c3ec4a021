import fc from 'fast-check';
import { getIntrospectionQuery, parse } from 'graphql';
import { expect, test } from 'vitest';
import { checkLimits, checkText } from './check-limits.ts';
import { measureText } from './measure-text.ts';
import { defaultLimits } from './operation-limits.ts';

const limits = {
  ...defaultLimits,
  depth: 4,
  aliases: 3,
  rootFields: 2,
  rootAliases: 1,
  directives: 2,
  fields: 6,
  operationName: 8,
};
const refusals = (query: string): readonly string[] =>
  checkLimits(parse(query), limits).map((error) => error.message);

test.each([
  ['as deep as allowed', '{ me { friend { friend { name } } } }'],
  ['as many aliases as allowed', '{ a: me { b: name c: name } }'],
  ['as many root fields as allowed', '{ me { name } you { name } }'],
  ['as many directives as allowed', '{ me @skip(if: false) { name @skip(if: false) } }'],
  ['a name as long as allowed', 'query Eight888 { me { name } }'],
])('an operation passes when it is %s', (_, query) => {
  expect(refusals(query)).toEqual([]);
});

test('the usual introspection passes the defaults', () => {
  expect(checkLimits(parse(getIntrospectionQuery()), defaultLimits)).toEqual([]);
});

test.each([
  [
    '{ me { friend { friend { friend { name } } } } }',
    'the operation has 5 levels of fields; the limit is 4',
  ],
  ['{ me { a: name b: name c: name d: name } }', 'the operation has 4 aliases; the limit is 3'],
  ['{ me { name } you { name } __typename }', 'the operation has 3 root fields; the limit is 2'],
  ['{ a: me { name } b: me { name } }', 'the operation has 2 aliased root fields; the limit is 1'],
  ['query ($a: Int @x) @y { me @z { name } }', 'the operation has 3 directives; the limit is 2'],
  ['{ me { n n n n n n } }', 'the operation has 7 fields; the limit is 6'],
  ['query NineChars { me { name } }', 'the name of the operation has 9 characters; the limit is 8'],
  [
    '{ me { name } } fragment Unused on Me { n n n n n n n }',
    'the fragment Unused has 7 fields; the limit is 6',
  ],
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
  expect(refusals(query)[0]).toContain('aliases');
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test('fragments that spread each other are measured without hanging', () => {
  const query = '{ me { ...A } } fragment A on Me { friend { ...B } } fragment B on Me { friend { ...A } }';
  expect(refusals(query)).toEqual([]);
});

test.each([
  ['characters', `{ ${'#'.repeat(15_001)}\n a }`],
  ['tokens', `{ ${'a '.repeat(3_000)} }`],
  ['nesting', `${'{a'.repeat(600)}${'}'.repeat(600)}`],
  ['nesting', `{ a(b: ${'['.repeat(600)}) }`],
])('a text beyond the limit of %s is refused before it is parsed', (limit, text) => {
  const errors = checkText(measureText(text), { ...defaultLimits, tokens: 3_000 });
  expect(errors.map(({ extensions }) => extensions['limit'])).toEqual([limit]);
  expect(errors[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_LARGE', measure: expect.any(Number) });
});

test('any text at all can be measured', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const measure = measureText(text);
      expect(measure.nesting).toBeLessThanOrEqual(measure.tokens);
      expect(measure.characters).toBe(text.length);
    }),
  );
});
