import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { buildCdcSubgraph } from '@spine/cdc/sdl';
import { buildGovernanceSubgraph } from '@spine/governance/sdl';
import { buildLineageSubgraph } from '@spine/lineage/sdl';
import { buildRegistrySubgraph } from '@spine/registry/sdl';
import { type GraphQLSchema, lexicographicSortSchema, parse } from 'graphql';

/** The graph as the code of the four services makes it. */
export interface ComposedGraph {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string }[];
  readonly supergraphSdl: string;
  /** What clients see, sorted, so that a diff shows what changed and nothing else. */
  readonly api: GraphQLSchema;
}

/** Composes it; throws with every error of composition. */
export async function composeGraph(): Promise<ComposedGraph> {
  const subgraphs = await Promise.all([
    buildCdcSubgraph(),
    buildGovernanceSubgraph(),
    buildLineageSubgraph(),
    buildRegistrySubgraph(),
  ]);
  const composed = composeServices(
    subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `http://${name}.spine/graphql` })),
  );
  if (composed.errors !== undefined) {
    throw new Error(composed.errors.map((error) => error.message).join('\n\n'));
  }
  const supergraphSdl = `${composed.supergraphSdl}\n`;
  return { subgraphs, supergraphSdl, api: apiSchemaOf(supergraphSdl) };
}

/** What clients see of a supergraph. */
function apiSchemaOf(supergraphSdl: string): GraphQLSchema {
  return lexicographicSortSchema(Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema());
}
