import { composeServices } from '@apollo/composition';
import type { Subgraph } from '@spine/platform/graphql/build-subgraph';
import { parse } from 'graphql';

/** The supergraph of some subgraphs; throws with what does not compose. */
export function compose(subgraphs: readonly Pick<Subgraph, 'name' | 'sdl'>[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `http://${name}.test/graphql` })),
  );
  if (supergraphSdl === undefined) {
    throw new Error((errors ?? []).map(({ message }) => message).join('\n'));
  }
  return supergraphSdl;
}
