import type { GraphQLDataSource } from '@apollo/gateway';
import { Problem } from '@spine/kernel/problem';
import type { SubgraphLink } from '../../links/subgraph-link.ts';
import { type AskOptions, askSubgraph } from '../ask-subgraph.ts';
import type { RequestContext } from '../request-context.ts';
import { fetchFailure } from './fetch-failure.ts';

/** The data sources of the stock executor for one request: each fetch of the plan goes through its subgraph's link. */
export function linkSources(
  links: Iterable<SubgraphLink>,
  context: RequestContext,
  options: AskOptions,
): Record<string, GraphQLDataSource> {
  const sources: Record<string, GraphQLDataSource> = {};
  for (const link of links) {
    sources[link.name] = {
      async process(fetch) {
        const { query = '', operationName, variables = {} } = fetch.request;
        const result = await askSubgraph(link, { query, operationName, variables }, context, options);
        if (!(result instanceof Problem)) return result;
        const document = 'document' in fetch ? fetch.document : undefined;
        if (document === undefined) throw result;
        return { errors: fetchFailure({ document, variables }, result) };
      },
    };
  }
  return sources;
}
