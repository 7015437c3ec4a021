import { type GraphQLSchema, graphql } from 'graphql';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from '../links/subgraph-link.ts';

/** A subgraph that a schema with resolvers answers for, by graphql-js. `onRequest` sees what it is asked. */
export function createSchemaLink(
  name: string,
  schema: GraphQLSchema,
  onRequest: (request: SubgraphRequest) => void = () => undefined,
): SubgraphLink {
  return {
    name,
    remote: false,
    async execute(request) {
      onRequest(request);
      const { query, variables } = request;
      const { data, errors } = await graphql({ schema, source: query, variableValues: variables });
      // As if it came over a wire: a tree of its own.
      return JSON.parse(JSON.stringify({ data, errors }));
    },
    subscribe: (_request, signal) =>
      createStreamIterator<SubgraphResult>(async () => streamEnd, { signal, onEnd: () => undefined }),
    ready: async () => null,
    close: async () => undefined,
  };
}
