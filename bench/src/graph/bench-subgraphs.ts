import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Subgraph } from '@spine/platform/graphql/build-subgraph';
import { parse } from 'graphql';
import type { EventFeed } from './event-feed.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const namespace = 'postgres://shop.example:5432';
const datasets = Array.from({ length: 50 }, (_, n) => ({ namespace, name: `shop.public.table_${n}` }));
const states = ['STREAMING', 'CATCHING_UP', 'SNAPSHOT'] as const;

/** Four subgraphs without a database: what a gateway spends is the gateway's own. Every gateway is given the same. */
export function benchSubgraphs(events: EventFeed): readonly Subgraph[] {
  return [
    subgraph(
      'lineage',
      `${link}
      type Query { datasets(first: Int!, tag: String): [Dataset!] }
      type Dataset @key(fields: "namespace name") {
        namespace: String! name: String! rows: Int owner: String description: String fields: [Field!]
      }
      type Field { path: String! type: String! tags: [String!]! }`,
      {
        Query: { datasets: (_: unknown, { first }: { first: number }) => datasets.slice(0, first) },
        Dataset: {
          __resolveReference: (key: object) => key,
          rows: ({ name }: Named) => name.length * 1_000,
          owner: () => 'data-platform',
          description: ({ name }: Named) => `The rows of ${name}, as the shop wrote them.`,
          fields: () => [
            { path: 'id', type: 'bigint', tags: [] },
            { path: 'email', type: 'text', tags: ['pii'] },
          ],
        },
      },
    ),
    subgraph(
      'registry',
      `${link}
      type Dataset @key(fields: "namespace name") { namespace: String! name: String! subject: Subject }
      type Subject @key(fields: "name") { name: String! latest: SchemaVersion }
      type SchemaVersion { id: ID! semver: String! }`,
      {
        Dataset: {
          __resolveReference: (key: object) => key,
          subject: ({ name }: Named) => ({ name: name.replace('shop.', '') }),
        },
        Subject: {
          __resolveReference: (key: object) => key,
          latest: ({ name }: Named) => ({ id: `id-${name}`, semver: `1.${name.length}.0` }),
        },
      },
    ),
    subgraph(
      'cdc',
      `${link}
      type Dataset @key(fields: "namespace name") { namespace: String! name: String! routes: [Route!] }
      type Route @key(fields: "name") { name: String! state: RouteState! lagSeconds: Float }
      enum RouteState { STREAMING CATCHING_UP SNAPSHOT }`,
      {
        Dataset: {
          __resolveReference: (key: object) => key,
          routes: ({ name }: Named) => [
            { name: `${name}-to-warehouse`, state: states[name.length % 3], lagSeconds: 0.25 },
          ],
        },
        Route: { __resolveReference: (key: object) => key },
      },
    ),
    subgraph(
      'governance',
      `${link}
      type Query { lastDecisionAt: String }
      type Subscription { violations(after: String): ViolationStreamItem! }
      interface ViolationStreamItem { cursor: String! }
      type ViolationRaised implements ViolationStreamItem { cursor: String! violation: Violation! }
      type Violation @key(fields: "id") { id: ID! severity: String! dataset: Dataset }
      type Dataset @key(fields: "namespace name") { namespace: String! name: String! residency: Residency }
      type Residency { region: String! verdict: String! }`,
      {
        Query: { lastDecisionAt: () => null },
        Subscription: {
          violations: {
            subscribe: (_: unknown, { after }: { after?: string | null }) => events.open(after ?? null),
            resolve: (n: number) => ({
              __typename: 'ViolationRaised',
              cursor: String(n),
              violation: { id: `violation-${n}`, severity: 'HIGH', dataset: datasets[n % datasets.length] },
            }),
          },
        },
        Violation: { __resolveReference: (key: object) => key },
        Dataset: {
          __resolveReference: (key: object) => key,
          residency: () => ({ region: 'eu-central-1', verdict: 'ALLOW' }),
        },
      },
    ),
  ];
}

interface Named {
  readonly name: string;
}

type Resolvers = NonNullable<
  Extract<
    Exclude<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>,
    { resolvers?: unknown }
  >['resolvers']
>;

function subgraph(name: string, sdl: string, resolvers: Resolvers): Subgraph {
  return { name, sdl, schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers }) };
}
