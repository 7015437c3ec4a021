import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { benchSubgraphs } from './bench-subgraphs.ts';
import { createEventFeed } from './event-feed.ts';

/** The supergraph of the bench's subgraphs at their addresses. */
export function composeBenchGraph(addresses: Readonly<Record<string, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    benchSubgraphs(createEventFeed()).map(({ name, sdl }) => ({
      name,
      typeDefs: parse(sdl),
      url: `${addresses[name]}/graphql`,
    })),
  );
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'the graph does not compose');
  return supergraphSdl;
}
