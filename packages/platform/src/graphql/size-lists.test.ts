import { buildSchema, parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { sizeLists } from './size-lists.ts';

function sized(sdl: string): string {
  return print(sizeLists(parse(sdl), buildSchema(sdl, { assumeValid: true })));
}
const types =
  'type A { name: String } type AEdge { node: A } type APage { nodes: [A!]! edges: [AEdge] tags: [String!] next: A }';

test('a page is as large as `first` says, in each of its lists of objects, and 20 where nothing says it', () => {
  expect(sized(`type Query { page(first: Int, after: String): APage! } ${types}`)).toContain(
    '): APage! @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)',
  );
});

test.each([
  ['without `first`', 'page(after: String): APage'],
  ['of which no list comes', 'page(first: Int): A'],
  ['that is a list itself', 'page(first: Int): [A]'],
])('a field %s is left as it is', (_, field) => {
  expect(sized(`type Query { ${field} } ${types}`)).not.toContain('@listSize');
});

test('what a field says of itself stays', () => {
  const text = sized(`type Query { page(first: Int): APage @listSize(assumedSize: 3) } ${types}`);
  expect(text.match(/@listSize/g)).toHaveLength(1);
  expect(text).toContain('assumedSize: 3');
});
