import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ResponsePath } from './flatten.ts';

/** An error that a subgraph answered, as the client sees it at one place of its answer. */
export function subgraphError(
  serviceName: string,
  { message, extensions }: GraphQLFormattedError,
  path: ResponsePath | undefined,
): GraphQLError {
  const code = extensions?.['code'];
  return new GraphQLError(message || `Error while fetching subquery from service "${serviceName}"`, {
    ...(path !== undefined && { path }),
    extensions: {
      ...extensions,
      code: typeof code === 'string' && code !== '' ? code : 'DOWNSTREAM_SERVICE_ERROR',
      serviceName,
    },
  });
}
