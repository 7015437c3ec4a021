import 'reflect-metadata';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { invariant } from '@spine/kernel/invariant';
import { type Role, roles } from '@spine/kernel/role';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { buildSchema, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { requireRole } from '../auth/authorise.ts';
import type { GraphContext } from './context.ts';
import type { EntityKey } from './entity-key.ts';
import { assertGuardedFields } from './guarded-fields.ts';
import { sizeLists } from './size-lists.ts';

/** Answers an entity by its key, or null when it is not there. A class instance or a fresh plain object: federation writes `__typename` onto it. */
export type ReferenceResolver<Context extends GraphContext> = (key: EntityKey, context: Context) => unknown;

export interface SubgraphSource<Context extends GraphContext> {
  readonly name: string;
  readonly resolvers: NonEmptyArray<ResolverClass>;
  /** Types that no root field reaches: entities that are only extended. Left out, their fields vanish without an error. */
  readonly orphanedTypes?: readonly object[];
  /** How each entity that others refer to is found: by type name. */
  readonly references?: Readonly<Record<string, ReferenceResolver<Context>>>;
}

// biome-ignore lint/complexity/noBannedTypes: the class itself, as type-graphql takes it
type ResolverClass = Function;

/** A federated schema, ready to be served; `sdl` is what the supergraph is composed of. */
export interface Subgraph {
  readonly name: string;
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

const federationLink =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ' +
  'import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@tag", "@inaccessible", "@cost", "@listSize"])\n';

/**
 * Builds a subgraph from type-graphql classes. `@Authorized(...)` names roles and is checked against the context's
 * principal; fields that carry it and would not be checked (see `assertGuardedFields`) are refused here.
 */
export async function buildSubgraph<Context extends GraphContext = GraphContext>(
  source: SubgraphSource<Context>,
): Promise<Subgraph> {
  const { name, resolvers, orphanedTypes = [], references = {} } = source;
  assertGuardedFields();
  const built = await buildSchema({
    resolvers,
    orphanedTypes: [...orphanedTypes].map(asClass),
    // Inputs are checked by our own parsers, at the edge of the use case.
    validate: false,
    skipCheck: true,
    authChecker: ({ context }: { context: GraphContext }, required: readonly string[]) => {
      requireRole(context.principal, ...required.map(parseRole));
      return true;
    },
    // Streams are durable and our own; a subscription gives its `subscribe`.
    pubSub: { subscribe: refusePubSub, publish: refusePubSub },
  });
  const typeDefs = sizeLists(parse(federationLink + printSchemaWithDirectives(built)), built);
  const schema = buildSubgraphSchema({
    typeDefs,
    resolvers: withReferences(createResolversMap(built), references),
  });
  return { name, sdl: `${printSubgraphSchema(schema)}\n`, schema };
}

type ResolversMap = ReturnType<typeof createResolversMap>;
type SubgraphModule = Exclude<Parameters<typeof buildSubgraphSchema>[0], DocumentNode | readonly unknown[]>;
type SubgraphResolvers = NonNullable<Extract<SubgraphModule, { resolvers?: unknown }>['resolvers']>;

function withReferences<Context extends GraphContext>(
  map: ResolversMap,
  references: Readonly<Record<string, ReferenceResolver<Context>>>,
): SubgraphResolvers {
  const added = Object.entries(references).map(([type, resolve]) => {
    invariant(map[type] !== undefined, `there is no type ${type} in the schema to resolve references of`);
    return [type, { ...map[type], __resolveReference: resolve }] as const;
  });
  // One map, in the types of two libraries that do not know each other.
  return { ...map, ...Object.fromEntries(added) } as SubgraphResolvers;
}

function parseRole(role: string): Role {
  const known = roles.find((candidate) => candidate === role);
  invariant(known !== undefined, `@Authorized names a role that does not exist: ${role}`);
  return known;
}

function asClass(type: object): ResolverClass {
  invariant(typeof type === 'function', 'an orphaned type is not a class');
  return type;
}

function refusePubSub(): never {
  throw new Error('a @Subscription must give its own subscribe');
}
