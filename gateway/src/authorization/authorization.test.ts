import type { Role } from '@spine/kernel/role';
import { makePrincipal } from '@spine/platform/auth/principal';
import { beforeAll, expect, test } from 'vitest';
import { createPrepareOperation, isRefused } from '../execution/prepare-operation.ts';
import { createGraph, type Graph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import { compose } from '../testing/compose.ts';
import { assertAuthorised } from './assert-authorised.ts';

const federation = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", ${imports}])`;

const sdl = `
  ${federation('"@authenticated", "@requiresScopes"')}
  type Query {
    open: String
    known: String @authenticated
    forSecurity: String @requiresScopes(scopes: [["security"]])
    forEither: String @requiresScopes(scopes: [["security", "compliance"], ["steward"]])
    forNobody: String @requiresScopes(scopes: [["a scope of another house"]])
    secret: Secret
    thing: Thing
    level: Level
  }
  type Secret @requiresScopes(scopes: [["security"]]) { name: String }
  interface Thing { name: String }
  type Plain implements Thing { name: String }
  type Guarded implements Thing { name: String @requiresScopes(scopes: [["security"]]) }
  enum Level @requiresScopes(scopes: [["operator"]]) { LOW }
`;

let graph: Graph;
beforeAll(() => {
  graph = createGraph(compose([{ name: 'one', sdl }]));
});

function isAllowed(query: string, roles: readonly Role[]): boolean {
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });
  const operation = prepare({ query });
  if (isRefused(operation)) throw new Error(String(operation));
  try {
    assertAuthorised(operation, makePrincipal({ id: 'p', kind: 'user', roles }));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'FORBIDDEN' });
    return false;
  }
}

test.each<[string, readonly Role[], readonly Role[] | null]>([
  ['{ open }', [], null],
  ['{ known }', [], null],
  ['{ forSecurity }', ['security'], ['viewer', 'compliance']],
  ['{ forEither }', ['security', 'compliance'], ['security']],
  ['{ forEither }', ['steward'], ['compliance']],
  ['{ forEither }', ['admin'], []],
  ['{ open a: forSecurity }', ['security'], ['viewer']],
  ['{ ...F } fragment F on Query { ... { forSecurity } }', ['security'], ['viewer']],
  ['{ secret { __typename } }', ['security'], ['viewer']],
  ['{ thing { name } }', ['security'], ['viewer']],
  ['{ thing { ... on Plain { __typename } } }', [], null],
  ['{ level }', ['operator'], ['viewer']],
])('%s is for %o, not for %o', (query, allowed, denied) => {
  expect(isAllowed(query, allowed)).toBe(true);
  if (denied !== null) expect(isAllowed(query, denied)).toBe(false);
});

test('a scope that is no role of ours is held by nobody', () => {
  expect(isAllowed('{ forNobody }', ['admin'])).toBe(false);
});

test('the schema that clients see has no word of the directives', () => {
  expect(graph.schema.getType('requiresScopes__Scope')).toBeUndefined();
  expect(graph.schema.getDirective('requiresScopes')).toBeUndefined();
  expect(graph.sdl).toContain('@requiresScopes');
});

test('a supergraph with @policy is refused: nobody enforces it', () => {
  const policed = compose([
    { name: 'one', sdl: `${federation('"@policy"')} type Query { a: String @policy(policies: [["p"]]) }` },
  ]);
  expect(() => createGraph(policed)).toThrow(
    expect.objectContaining({ code: 'SCHEMA_INVALID', message: expect.stringContaining('@policy') }),
  );
});

test.each([
  ['under another name', 'url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "scopes"'],
  ['of another version', 'url: "https://specs.apollo.dev/requiresScopes/v0.2"'],
])('a directive %s is refused', (_, link) => {
  const text = compose([{ name: 'one', sdl }]).replace(
    'url: "https://specs.apollo.dev/requiresScopes/v0.1"',
    link,
  );
  expect(() => createGraph(text)).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }));
});
