import { buildSubgraphSchema } from '@apollo/subgraph';
import { devPrincipal } from '@spine/platform/auth/principal';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createGraph } from '../graph/create-graph.ts';
import { createGraphSource } from '../graph/graph-source.ts';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import { compose } from '../testing/compose.ts';
import { createSchemaLink } from '../testing/schema-link.ts';
import { createExecutor } from './create-executor.ts';
import { createPlanStore } from './plan-store.ts';
import { createPrepareOperation, isRefused } from './prepare-operation.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])`;
const shop = `${link}
  type Query { products: [Product] }
  type Product @key(fields: "upc") { upc: String! price(currency: String!): Int }`;
const shipping = `${link}
  type Product @key(fields: "upc") {
    upc: String!
    price(currency: String!): Int @external
    dollars: Int @requires(fields: "price(currency: \\"USD\\")")
    euros: Int @requires(fields: "price(currency: \\"EUR\\")")
  }`;

const priceOf = ({ price }: { price?: number }) => price;
const schemas = {
  shop: buildSubgraphSchema({
    typeDefs: parse(shop),
    resolvers: {
      Query: { products: () => [{ upc: 'a' }, { upc: 'b' }] },
      Product: {
        __resolveReference: (key: object) => ({ ...key }),
        price: (_: unknown, { currency }: { currency: string }) => ({ USD: 2, EUR: 3 })[currency] ?? 5,
      },
    },
  }),
  shipping: buildSubgraphSchema({
    typeDefs: parse(shipping),
    resolvers: {
      Product: { __resolveReference: (key: object) => ({ ...key }), dollars: priceOf, euros: priceOf },
    },
  }),
};
const graph = createGraph(
  compose([
    { name: 'shop', sdl: shop },
    { name: 'shipping', sdl: shipping },
  ]),
);

test('fields that require one field with different arguments each get what they require, and the client what it asks', async () => {
  const prepare = createPrepareOperation({ graphs: createGraphSource(graph), rules: [], maxTokens: 15_000 });
  const operation = prepare({
    query: `{ products { upc ...Both price(currency: "GBP") } } fragment Both on Product { dollars euros }`,
  });
  if (isRefused(operation)) throw new Error(operation[0]?.message);
  const links = new Map<string, SubgraphLink>(
    Object.entries(schemas).map(([name, schema]) => [name, createSchemaLink(name, schema)]),
  );
  const execute = createExecutor({
    plans: createPlanStore(),
    links,
    log: createRecordingLog(),
    fetchTimeoutMs: 5_000,
  });
  const signal = new AbortController().signal;
  const { data, errors } = await execute(operation, { principal: devPrincipal(), requestId: 'r', signal });
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    products: [
      { upc: 'a', dollars: 2, euros: 3, price: 5 },
      { upc: 'b', dollars: 2, euros: 3, price: 5 },
    ],
  });
});
