import { buildSubgraphSchema } from '@apollo/subgraph';
import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import type { Principal } from '@spine/platform/auth/principal';
import type { Subgraph } from '@spine/platform/graphql/build-subgraph';
import type { GraphContext } from '@spine/platform/graphql/context';
import { mapIterator } from '@spine/platform/graphql/map-stream';
import { parse } from 'graphql';
import type { EventLog } from './event-log.ts';

/** What the subgraph of violations streams. */
export interface FixtureViolation {
  readonly id: string;
  readonly severity: string;
  readonly table: string;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@tag", "@listSize"])`;

const tables: Readonly<Record<string, string>> = { customers: 'Customer', orders: 'Order' };

/** Owns datasets, and knows how to be slow and how to fail. */
export function catalogSubgraph(): Subgraph {
  return subgraph(
    'catalog',
    `${link}
    type Query {
      dataset(name: String!): Dataset
      datasets(first: Int): DatasetConnection!
        @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false)
      whoAmI: String!
      adminOnly: String @tag(name: "sensitive")
      fails: String
      slow(ms: Int!): String
      echo(text: String!): String
      big: [String!]
    }
    type Mutation { rename(input: RenameInput!): Dataset }
    input RenameInput { name: String!, to: String! }
    type DatasetConnection { nodes: [Dataset!]! }
    type Dataset @key(fields: "namespace name") { namespace: String!, name: String!, rows: Int }`,
    {
      Query: {
        dataset: (_: unknown, { name }: { name: string }) => datasetNamed(name),
        datasets: () => ({ nodes: Object.keys(tables).map(datasetNamed) }),
        whoAmI: (_: unknown, __: unknown, context: unknown) => describe(principalOf(context)),
        adminOnly(_: unknown, __: unknown, context: unknown) {
          requireRole(principalOf(context), 'admin');
          return 'secret';
        },
        fails() {
          throw new Error('select password from people where name = 42');
        },
        slow: (_: unknown, { ms }: { ms: number }) =>
          new Promise((resolve) => setTimeout(() => resolve('done'), ms)),
        echo: (_: unknown, { text }: { text: string }) => text,
        big: () => Array.from({ length: 1000 }, (_, n) => `row ${n}`),
      },
      Mutation: {
        rename: (_: unknown, { input }: { input: { name: string; to: string } }) =>
          datasetNamed(input.name) === null ? null : { namespace: 'shop', name: input.to },
      },
      Dataset: {
        __resolveReference: ({ name }: { name: string }) => datasetNamed(name),
        rows: () => 7,
      },
    },
  );
}

/** Owns subjects, extends datasets by theirs. */
export function schemasSubgraph(): Subgraph {
  return subgraph(
    'schemas',
    `${link}
    type Query { subjectNamed(name: String!): Subject }
    type Subject @key(fields: "name") { name: String!, versions: Int! }
    type Dataset @key(fields: "namespace name") { namespace: String!, name: String!, subject: Subject }`,
    {
      Query: { subjectNamed: (_: unknown, { name }: { name: string }) => ({ name }) },
      Subject: { versions: ({ name }: { name: string }) => name.length },
      Dataset: {
        __resolveReference: (key: object) => ({ ...key }),
        subject({ name }: { name: string }) {
          const subject = tables[name];
          if (name === 'locked') throw new Problem('FORBIDDEN', 'the subject is locked', { fix: 'Ask.' });
          return subject === undefined ? null : { name: subject };
        },
      },
    },
  );
}

/** Streams violations, each with a dataset that the other subgraphs know. */
export function watchSubgraph(events: EventLog<FixtureViolation>): Subgraph {
  const violation = ({ table, ...rest }: FixtureViolation) => ({
    ...rest,
    dataset: { namespace: 'shop', name: table },
  });
  return subgraph(
    'watch',
    `${link}
    scalar Cursor
    type Query { violationCount: Int }
    type Subscription {
      violations(after: Cursor, severity: String): ViolationStreamItem!
      ticks(upTo: Int!): Int!
    }
    interface ViolationStreamItem { cursor: Cursor! }
    type ViolationRaised implements ViolationStreamItem { cursor: Cursor!, violation: Violation! }
    type StreamHeartbeat implements ViolationStreamItem { cursor: Cursor! }
    type StreamGap implements ViolationStreamItem { cursor: Cursor!, missed: Float, reason: String! }
    type Violation @key(fields: "id") { id: ID!, severity: String!, dataset: Dataset }
    type Dataset @key(fields: "namespace name", resolvable: false) { namespace: String!, name: String! }`,
    {
      Query: { violationCount: () => 3 },
      Subscription: {
        violations: {
          subscribe(
            _: unknown,
            { after, severity }: { after?: string; severity?: string },
            context: unknown,
          ) {
            requireRole(principalOf(context), 'viewer');
            if (after === 'expired') throw new Problem('CURSOR_EXPIRED', 'the cursor is too old');
            return mapIterator(events.subscribe(after ?? null), ({ cursor, value }) => ({
              violations:
                severity === undefined || severity === value.severity
                  ? { __typename: 'ViolationRaised', cursor, violation: violation(value) }
                  : { __typename: 'StreamHeartbeat', cursor },
            }));
          },
        },
        ticks: {
          async *subscribe(_: unknown, { upTo }: { upTo: number }) {
            for (let n = 1; n <= upTo; n += 1) yield { ticks: n };
          },
        },
      },
      Violation: { __resolveReference: (key: object) => key },
    },
  );
}

type Resolvers = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { readonly resolvers?: unknown }>['resolvers']
>;

function subgraph(name: string, sdl: string, resolvers: Resolvers): Subgraph {
  return { name, sdl, schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers }) };
}

function datasetNamed(name: string): { readonly namespace: string; readonly name: string } | null {
  return name in tables || name === 'locked' ? { namespace: 'shop', name } : null;
}

function principalOf(context: unknown): Principal {
  // What a service of ours hands to its resolvers.
  return (context as GraphContext).principal;
}

function describe({ kind, id, roles, functions }: Principal): string {
  return [kind, id, ...roles, ...functions].join(' ');
}
