import { beforeAll, expect, test } from 'vitest';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { createGraph, type Graph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { compose } from '../testing/compose.ts';
import { estimateCost } from './estimate-cost.ts';

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize"])
  type Query {
    one: Item
    text: String
    priced: Item @cost(weight: 7)
    heavy: Heavy
    items: [Item!]
    five: [Item!] @listSize(assumedSize: 5)
    texts: [String!]
    page(first: Int, last: Int): Page
      @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
    walk(maxNodes: Int! = 50, deep: Boolean @cost(weight: 3)): Page
      @cost(weight: 10) @listSize(slicingArguments: ["maxNodes"], sizedFields: ["nodes"])
    any: Named
  }
  type Mutation { change: Item }
  type Page { nodes: [Item!] edges: [Edge!] }
  type Edge { node: Item }
  interface Named { name: String page(first: Int): Page }
  type Item implements Named {
    name: String
    item: Item
    page(first: Int): Page @listSize(assumedSize: 2, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false)
  }
  type Heavy @cost(weight: 9) { name: String }
`;

let graph: Graph;
beforeAll(() => {
  graph = createGraph(compose([{ name: 'one', sdl }]));
});

function cost(query: string, variables: Readonly<Record<string, unknown>> = {}, of = graph): number {
  const prepare = createPrepareOperation({ graphs: createGraphSource(of), rules: [], maxTokens: 15_000 });
  const operation = prepare({ query, variables });
  if (isRefused(operation)) throw new Error(String(operation));
  return estimateCost(operation);
}

test.each<[string, number]>([
  ['{ text }', 1],
  ['{ one { name } }', 1],
  ['{ one { item { item { name } } } }', 3],
  ['{ a: one { name } b: one { name } }', 2],
  ['{ priced { name } }', 7],
  ['{ heavy { name } }', 9],
  ['{ items { name } }', 10],
  ['{ items { item { name } } }', 20],
  ['{ five { name } }', 5],
  ['{ texts }', 1],
  ['{ page { nodes { name } } }', 21],
  ['{ page(first: 3) { nodes { name } } }', 4],
  ['{ page(first: 3, last: 8) { nodes { name } } }', 9],
  ['{ page(first: 3) { nodes { name } edges { node { name } } } }', 10],
  ['{ page(first: 3) { ...F } } fragment F on Page { nodes { name } }', 4],
  ['{ page(first: 3) { nodes { page(first: 4) { nodes { name } } } } }', 19],
  ['{ walk { nodes { name } } }', 60],
  ['{ walk(maxNodes: 5, deep: true) { nodes { name } } }', 18],
  ['{ any { ... on Item { name } page(first: 6) { nodes { name } } } }', 8],
  ['mutation { change { name } }', 11],
  ['{ __schema { types { name } } }', 100],
  ['{ one { name } priced @skip(if: true) { name } heavy @include(if: false) { name } }', 1],
])('%s costs %i', (query, expected) => {
  expect(cost(query)).toBe(expected);
});

test.each<[Readonly<Record<string, unknown>>, number]>([
  [{ n: 4 }, 5],
  [{ n: 100 }, 101],
  [{}, 21],
  [{ n: null }, 21],
  [{ n: -5 }, 1],
  [{ n: 1e300 }, 1e300],
  [{ n: 'many' }, 21],
  [JSON.parse('{"__proto__": {"n": 1}}'), 21],
])('the size of a page by variables %o costs %d', (variables, expected) => {
  expect(cost('query ($n: Int) { page(first: $n) { nodes { name } } }', variables)).toBe(expected);
});

test.each<[Readonly<Record<string, unknown>>, number]>([
  [{ on: true }, 2],
  [{ on: false }, 1],
  [{}, 2],
])('what a condition leaves out costs nothing: %o', (variables, expected) => {
  expect(cost('query ($on: Boolean!) { one { item @include(if: $on) { name } } }', variables)).toBe(expected);
});

test('the default of a variable counts', () => {
  expect(cost('query ($n: Int = 3) { page(first: $n) { nodes { name } } }')).toBe(4);
});
