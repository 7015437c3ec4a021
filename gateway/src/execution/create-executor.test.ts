import { devPrincipal } from '@spine/platform/auth/principal';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { describe, expect, test } from 'vitest';
import { createGraph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import type { SubgraphRequest, SubgraphResult } from '../links/subgraph-link.ts';
import { type CannedLink, createCannedLink } from '../testing/canned-link.ts';
import { compose } from '../testing/compose.ts';
import { createExecutor } from './create-executor.ts';
import { createPlanStore } from './plan-store.ts';
import { createPrepareOperation, isRefused } from './prepare-operation.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@inaccessible", "@shareable"])`;

const graph = createGraph(
  compose([
    {
      name: 'shop',
      sdl: `${link}
      type Query { items(first: Int = 2, representations: Int): [Item] item: Item thing: Thing node: Node grid: [[Item!]!] strict: Item! colour: Colour loose: Json }
      type Mutation { first: Int second: Int }
      scalar Json
      enum Colour { RED HIDDEN @inaccessible }
      interface Node { id: ID! }
      union Thing = Item | Note
      type Note implements Node { id: ID! text: String! count: Int on: Boolean }
      type Item implements Node @key(fields: "id") { id: ID! title: String! tags: [String!] parts: [Part!] constructor: String }
      type Part { name: String! }`,
    },
    {
      name: 'stock',
      sdl: `${link}
      type Item @key(fields: "id") { id: ID! left: Int title: String! @external label: String @requires(fields: "title") place: Place near: [Place!]! }
      type Place { town: String! item: Item }`,
    },
  ]),
);

const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });
type Answer = (request: SubgraphRequest, signal: AbortSignal) => SubgraphResult | Promise<SubgraphResult>;

/** Asks, of subgraphs that answer so. */
async function ask(
  query: string,
  answers: { readonly shop: Answer; readonly stock?: Answer },
  { variables = {}, signal = new AbortController().signal, fetchTimeoutMs = 5_000 } = {},
) {
  const operation = prepare({ query, variables });
  if (isRefused(operation)) throw new Error(operation[0]?.message);
  const shop = createCannedLink('shop', answers.shop);
  const stock = createCannedLink('stock', answers.stock ?? (() => ({ data: { _entities: [] } })));
  const links = new Map<string, CannedLink>([
    ['shop', shop],
    ['stock', stock],
  ]);
  const log = createRecordingLog();
  const execute = createExecutor({ plans: createPlanStore(), links, log, fetchTimeoutMs });
  const {
    data,
    errors = [],
    extensions,
  } = await execute(operation, { principal: devPrincipal(), requestId: 'r', signal });
  const told = errors.map(({ message, path, extensions: { code, serviceName } }) => ({
    message,
    path,
    code,
    ...(serviceName !== undefined && { serviceName }),
  }));
  return {
    data: data === undefined ? undefined : JSON.parse(JSON.stringify(data)),
    errors: told,
    extensions,
    shop,
    stock,
    log,
  };
}

const item = (id: string, rest: object = {}) => ({ __typename: 'Item', id, ...rest });
const items =
  (...ids: string[]) =>
  () => ({ data: { items: ids.map((id) => item(id)) } });
const leftOf: Answer = ({ variables }) => ({
  data: { _entities: representationsOf(variables).map((_, n) => ({ left: n })) },
});

function representationsOf(variables: SubgraphRequest['variables']): readonly unknown[] {
  const { representations } = variables;
  return Array.isArray(representations) ? representations : [];
}

describe('entities', () => {
  test('equal representations are sent once and what comes back goes to all of them', async () => {
    const { data, stock } = await ask('{ items { id left } }', { shop: items('a', 'b', 'a'), stock: leftOf });
    expect(stock.asked[0]?.variables).toEqual({ representations: [item('a'), item('b')] });
    expect(data.items.map(({ left }: { left: number }) => left)).toEqual([0, 1, 0]);
  });

  test('entities below equal entities are completed below each of them', async () => {
    const { data, shop } = await ask('{ items { place { item { title } } } }', {
      shop: ({ variables }) =>
        'representations' in variables ? { data: { _entities: [{ title: 'Z' }] } } : items('a', 'a')(),
      stock: () => ({ data: { _entities: [{ place: { item: item('z') } }] } }),
    });
    expect(shop.asked[1]?.variables).toEqual({ representations: [item('z')] });
    expect(data.items).toEqual(Array(2).fill({ place: { item: { title: 'Z' } } }));
  });

  test('a number and a string are different keys', async () => {
    const { stock } = await ask('{ items { id left } }', {
      shop: () => ({ data: { items: [item('1'), { __typename: 'Item', id: 1 }] } }),
      stock: leftOf,
    });
    expect(stock.asked[0]?.variables).toEqual({
      representations: [item('1'), { __typename: 'Item', id: 1 }],
    });
  });

  test('an object without what is required has no representation, and the others keep their places', async () => {
    const { data, errors, stock } = await ask('{ items { id left } }', {
      shop: () => ({ data: { items: [null, { __typename: 'Item' }, item('b')] } }),
      stock: () => ({
        data: { _entities: [null] },
        errors: [{ message: 'no', path: ['_entities', 0, 'left'] }],
      }),
    });
    expect(stock.asked[0]?.variables).toEqual({ representations: [item('b')] });
    expect(data.items).toEqual([null, null, { id: 'b', left: null }]);
    expect(errors).toEqual([
      { message: 'no', path: ['items', 2, 'left'], code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'stock' },
    ]);
  });

  test('an error of an entity is told at every place that it stands for', async () => {
    const { errors } = await ask('{ items { id left } }', {
      shop: items('a', 'b', 'a'),
      stock: () => ({
        data: { _entities: [null, { left: 1 }] },
        errors: [
          { message: 'gone', path: ['_entities', 0, 'left'], extensions: { code: 'NOT_FOUND', secret: 1 } },
        ],
      }),
    });
    expect(errors.map(({ path, code }) => ({ path, code }))).toEqual([
      { path: ['items', 0, 'left'], code: 'NOT_FOUND' },
      { path: ['items', 2, 'left'], code: 'NOT_FOUND' },
    ]);
  });

  test('one error of a thousand equal entities is told twenty times', async () => {
    const { errors } = await ask('{ items { id left } }', {
      shop: items(...Array.from({ length: 1000 }, () => 'a')),
      stock: () => ({ data: { _entities: [null] }, errors: [{ message: 'gone', path: ['_entities', 0] }] }),
    });
    expect(errors).toHaveLength(20);
  });

  test.each([{ _entities: [] }, { _entities: {} }, { _entities: null }, {}])(
    'an answer of %j to two representations is an error, and the rest is kept',
    async (answer) => {
      const { data, errors } = await ask('{ items { id left } }', {
        shop: items('a', 'b'),
        stock: () => ({ data: answer }),
      });
      expect(data.items).toEqual([
        { id: 'a', left: null },
        { id: 'b', left: null },
      ]);
      expect(errors).toMatchObject([
        { path: ['items'], code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'stock' },
      ]);
    },
  );

  test('lists of lists are walked', async () => {
    const { data } = await ask('{ grid { id left } }', {
      shop: () => ({ data: { grid: [[item('a'), item('b')], [item('a')]] } }),
      stock: leftOf,
    });
    expect(data.grid).toEqual([
      [
        { id: 'a', left: 0 },
        { id: 'b', left: 1 },
      ],
      [{ id: 'a', left: 0 }],
    ]);
  });

  test('a field that a client calls like a key or a required field is not mistaken for it', async () => {
    const { data, stock } = await ask('{ items { id: title title: id left label } }', {
      shop: ({ query }) => {
        expect(query).toMatch(/\bid\b.*\btitle\b/s);
        return {
          data: { items: [{ __typename: 'Item', id: 'a', title: 'T', _spine_id: 'T', _spine_title: 'a' }] },
        };
      },
      stock: () => ({ data: { _entities: [{ left: 1, label: 'L' }] } }),
    });
    expect(stock.asked[0]?.variables).toEqual({ representations: [item('a', { title: 'T' })] });
    expect(data.items).toEqual([{ id: 'T', title: 'a', left: 1, label: 'L' }]);
  });
});

describe('errors', () => {
  test('a subgraph that is down gives an error for each field that stays empty, without its cause', async () => {
    const { data, errors, log } = await ask('{ items { id left place { town } } }', {
      shop: items('a', 'a'),
      stock: () => {
        throw new Error('connect ECONNREFUSED 10.0.0.7');
      },
    });
    expect(data.items).toEqual([
      { id: 'a', left: null, place: null },
      { id: 'a', left: null, place: null },
    ]);
    expect(errors.map(({ path }) => path?.join('.'))).toEqual([
      'items.0.left',
      'items.0.place',
      'items.1.left',
      'items.1.place',
    ]);
    expect(errors[0]).toMatchObject({ code: 'SERVICE_UNAVAILABLE', serviceName: 'stock' });
    expect(JSON.stringify(errors)).not.toContain('10.0.0.7');
    expect(log.entries.some(({ fields }) => fields.event === 'subgraph.no_answer')).toBe(true);
  });

  test('a fetch that takes too long is a TIMEOUT on its field, and its link is told to stop', async () => {
    let stopped = false;
    const { errors } = await ask(
      '{ item { id } }',
      {
        shop: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              stopped = true;
              reject(signal.reason);
            });
          }),
      },
      { fetchTimeoutMs: 20 },
    );
    expect(errors).toMatchObject([{ path: ['item'], code: 'TIMEOUT', serviceName: 'shop' }]);
    expect(stopped).toBe(true);
  });

  test('nothing more is asked for a client that has left', async () => {
    const client = new AbortController();
    const { stock } = await ask(
      '{ items { id left } }',
      {
        shop: () => {
          client.abort();
          return items('a')();
        },
      },
      { signal: client.signal },
    );
    expect(stock.asked).toEqual([]);
  });

  test('an error without words says which subgraph it is from', async () => {
    const { errors } = await ask('{ item { id } }', {
      shop: () => ({ data: null, errors: [{ message: '' }] }),
    });
    expect(errors).toEqual([
      {
        message: 'Error while fetching subquery from service "shop"',
        path: undefined,
        code: 'DOWNSTREAM_SERVICE_ERROR',
        serviceName: 'shop',
      },
    ]);
  });

  test('a second mutation is sent after the first has answered', async () => {
    const { data, shop } = await ask('mutation { first second }', {
      shop: () => ({ data: { first: 1, second: 2 } }),
    });
    expect(data).toEqual({ first: 1, second: 2 });
    expect(shop.asked).toHaveLength(1);
  });
});

describe('shape', () => {
  const shaped = async (query: string, data: Record<string, unknown>, variables = {}) =>
    await ask(query, { shop: () => ({ data }) }, { variables });

  test('a null that must not be makes its parent null, up to the nearest that may be', async () => {
    const { data, errors, extensions } = await shaped('{ items { title parts { name } } }', {
      items: [
        { title: 't', parts: [{ name: null }, { name: 'n' }] },
        { title: null, parts: [] },
      ],
    });
    expect(data).toEqual({ items: [{ title: 't', parts: null }, null] });
    expect(errors).toEqual([]);
    expect(JSON.parse(JSON.stringify(extensions))).toEqual({
      valueCompletion: [
        {
          message: 'Cannot return null for non-nullable field Part.name.',
          path: ['items', 0, 'parts', 0, 'name'],
          extensions: { code: 'INVALID_GRAPHQL' },
        },
        {
          message: 'Cannot return null for non-nullable field Item.title.',
          path: ['items', 1, 'title'],
          extensions: { code: 'INVALID_GRAPHQL' },
        },
      ],
    });
  });

  test('a null at the root that must not be makes the data null', async () => {
    expect(
      (await shaped('{ strict { id } item { id } }', { strict: null, item: { id: 1 } })).data,
    ).toBeNull();
  });

  test('notes about values are left out when a subgraph told an error', async () => {
    const { extensions } = await ask('{ strict { id } }', {
      shop: () => ({ data: null, errors: [{ message: 'no', path: ['strict'] }] }),
    });
    expect(extensions).toBeUndefined();
  });

  test.each([
    ['an inaccessible enum value', '{ colour }', { colour: 'HIDDEN' }, { colour: null }],
    ['an unknown enum value', '{ colour }', { colour: 'BLUE' }, { colour: null }],
    [
      'a string for a number',
      '{ thing { ... on Note { count } } }',
      { thing: { __typename: 'Note', count: '1' } },
      { thing: { count: null } },
    ],
    [
      'a number for a Boolean',
      '{ thing { ... on Note { on } } }',
      { thing: { __typename: 'Note', on: 1 } },
      { thing: { on: null } },
    ],
    ['an object for a string', '{ item { tags } }', { item: { tags: [{}] } }, { item: { tags: null } }],
    [
      'a name that no type has',
      '{ thing { __typename } }',
      { thing: { __typename: 'Ghost' } },
      { thing: null },
    ],
    [
      'a name of a type that it cannot be',
      '{ thing { __typename } }',
      { thing: { __typename: 'Part' } },
      { thing: null },
    ],
  ])('%s is null, and said to be invalid', async (_, query, given, expected) => {
    const { data, errors, extensions } = await shaped(query, given);
    expect(data).toEqual(expected);
    expect(errors).toEqual([]);
    expect(extensions?.['valueCompletion']).toHaveLength(1);
  });

  test.each([
    [
      'a scalar for an object',
      '{ item { id } colour }',
      { item: 'odd', colour: 'RED' },
      { item: null, colour: 'RED' },
      ['item'],
    ],
    [
      'a list for an object',
      '{ item { id } colour }',
      { item: [], colour: 'RED' },
      { item: null, colour: 'RED' },
      ['item'],
    ],
    [
      'an object for a list',
      '{ items { id } colour }',
      { items: {}, colour: 'RED' },
      { items: null, colour: 'RED' },
      ['items'],
    ],
    [
      'a scalar in a list',
      '{ items { id } }',
      { items: [3, { id: 'a' }] },
      { items: [null, { id: 'a' }] },
      ['items', 0],
    ],
  ])(
    '%s is null with an error at its path, and the rest is kept',
    async (_, query, given, expected, path) => {
      const { data, errors } = await shaped(query, given);
      expect(data).toEqual(expected);
      expect(errors).toMatchObject([{ path, code: 'INVALID_GRAPHQL' }]);
    },
  );

  test('any JSON is a custom scalar', async () => {
    const loose = { deep: [1, { null: null }] };
    expect((await shaped('{ loose }', { loose })).data).toEqual({ loose });
  });

  test('fragments go by the type of the object, and fields of the same name are merged', async () => {
    const query = `{ node { ...Names ... on Item { title parts { name } } ... on Note { text } t: __typename } }
      fragment Names on Node { id ... on Item { id title parts { n: name } } }`;
    const one = await shaped(query, { node: item('a', { title: 't', parts: [{ name: 'p', n: 'p' }] }) });
    expect(one.data).toEqual({ node: { id: 'a', title: 't', parts: [{ n: 'p', name: 'p' }], t: 'Item' } });
    const two = await shaped(query, { node: { __typename: 'Note', id: 'n', text: 'x' } });
    expect(two.data).toEqual({ node: { id: 'n', text: 'x', t: 'Note' } });
  });

  test('conditions inside fragments hold anew for each request', async () => {
    const query = `query($s: Boolean!, $i: Boolean = false) { item { ...F } } fragment F on Item { id @skip(if: $s) title tags @include(if: $i) }`;
    const given = { item: { id: 'a', title: 't', tags: ['x'] } };
    expect((await shaped(query, given, { s: true })).data).toEqual({ item: { title: 't' } });
    expect((await shaped(query, given, { s: false })).data).toEqual({ item: { id: 'a', title: 't' } });
    expect((await shaped(query, given, { s: true, i: true })).data).toEqual({
      item: { title: 't', tags: ['x'] },
    });
  });

  test('a condition that is null is refused, whatever its default', async () => {
    const { data, errors } = await shaped(
      'query($i: Boolean = true) { item @include(if: $i) { id } }',
      {},
      { i: null },
    );
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });

  test('names that objects inherit are names like others', async () => {
    const query = '{ item { __proto__: title constructor toString: id } }';
    const answer = JSON.parse('{"item":{"__proto__":"p","constructor":null,"toString":"s"}}');
    const { data } = await ask(query, { shop: () => ({ data: answer }) });
    expect(JSON.stringify(data)).toBe('{"item":{"__proto__":"p","constructor":null,"toString":"s"}}');
    expect((await shaped(query, { item: { toString: 's' } })).data).toBeDefined();
  });

  test('the schema answers for itself next to data', async () => {
    const { data } = await shaped(
      '{ s: __schema { queryType { name } } t: __type(name: "Part") { fields { name } } none: __type(name: "X") { name } colour __typename }',
      { colour: 'RED' },
    );
    expect(data).toEqual({
      s: { queryType: { name: 'Query' } },
      t: { fields: [{ name: 'name' }] },
      none: null,
      colour: 'RED',
      __typename: 'Query',
    });
  });
});

describe('variables', () => {
  test('a fetch gets those that it uses, as they were given, and defaults of those that were not', async () => {
    const query = 'query($n: Int = 3) { items(first: $n) { id left } }';
    const answers = { shop: items('a'), stock: leftOf };
    const { shop, stock } = await ask(query, answers);
    expect(shop.asked[0]?.variables).toEqual({ n: 3 });
    expect(stock.asked[0]?.variables).toEqual({ representations: [item('a')] });
    const { shop: given } = await ask(query, answers, { variables: { n: null } });
    expect(given.asked[0]?.variables).toEqual({ n: null });
  });

  test('one that is called like the list of representations does not meet it', async () => {
    const { shop: asked, stock } = await ask(
      'query($representations: Int) { items(representations: $representations) { id left } }',
      { shop: items('a'), stock: leftOf },
      { variables: { representations: 7 } },
    );
    expect(asked.asked[0]?.variables).toEqual({ _spine_representations: 7 });
    expect(stock.asked[0]?.variables).toEqual({ representations: [item('a')] });
  });

  test('one of the wrong type is refused in the words of GraphQL', async () => {
    const { data, errors } = await ask(
      'query($n: Int) { items(first: $n) { id } }',
      { shop: items() },
      { variables: { n: 'x' } },
    );
    expect(data).toBeUndefined();
    expect(errors[0]?.message).toMatch(/^Variable "\$n" got invalid value "x"/);
  });
});
