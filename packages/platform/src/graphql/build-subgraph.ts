import 'reflect-metadata';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, parse } from 'graphql';
import { buildSchema, type ClassType, createResolversMap, type NonEmptyArray } from 'type-graphql';
import type { GraphContext } from './context.ts';

/** A federated schema: `sdl` is what is committed and composed, `schema` is what executes. */
export interface Subgraph {
  readonly name: string;
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

/** Resolves an entity from its key. Answers a fresh instance of its class, or null. */
export type ReferenceResolver = (
  // biome-ignore lint/suspicious/noExplicitAny: the key's members depend on the entity
  reference: any,
  // biome-ignore lint/suspicious/noExplicitAny: each service's context extends GraphContext
  context: any,
) => Promise<object | null> | object | null;

export interface SubgraphOptions {
  readonly name: string;
  // biome-ignore lint/complexity/noBannedTypes: type-graphql names resolver classes this way
  readonly resolvers: NonEmptyArray<Function>;
  /** Entities that are reached only through `_entities`: without them here their fields vanish from the graph. */
  readonly orphanedTypes: readonly ClassType[];
  readonly references: Readonly<Record<string, ReferenceResolver>>;
}

const header = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@override", "@tag"])\n`;

/** Builds the schema of a subgraph from its type-graphql classes. Resolvers reach the service by their context alone. */
export async function buildSubgraph(options: SubgraphOptions): Promise<Subgraph> {
  const plain = await buildSchema({
    resolvers: options.resolvers,
    orphanedTypes: [...options.orphanedTypes],
    // Inputs are checked by our own parsers at the edge.
    validate: false,
    // Federation directives are known to @apollo/subgraph, not to this schema.
    skipCheck: true,
  });
  const resolvers: Record<string, object> = { ...createResolversMap(plain) };
  for (const [type, resolve] of Object.entries(options.references)) {
    resolvers[type] = {
      ...resolvers[type],
      __resolveReference: (reference: unknown, context: GraphContext) => resolve(reference, context),
    };
  }
  const schema = buildSubgraphSchema({
    typeDefs: parse(header + printSchemaWithDirectives(plain)),
    // Apollo's type for resolver maps is narrower than what createResolversMap answers.
    resolvers: resolvers as Parameters<typeof buildSubgraphSchema>[0] extends { resolvers?: infer R }
      ? R
      : never,
  });
  return { name: options.name, sdl: printSubgraphSchema(schema), schema };
}
