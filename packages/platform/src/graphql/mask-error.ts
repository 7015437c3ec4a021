import { Problem } from '@spine/kernel/problem';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Log } from '../log/create-log.ts';

/** An error as a caller may see it: Problems speak, the request's own faults speak, everything else is INTERNAL with the request id. */
export function maskError(error: GraphQLError, requestId: string, log: Log): GraphQLFormattedError {
  const cause = rootCause(error);
  const { locations, path } = error.toJSON();
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (cause instanceof Problem) {
    const { code, fix, message } = cause;
    return { message, ...place, extensions: { code, requestId, ...(fix !== undefined && { fix }) } };
  }
  // Without an original error it is the request that does not parse, validate or coerce.
  if (cause === undefined) {
    const code = error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED';
    return { message: error.message, ...place, extensions: { code, requestId } };
  }
  log.error({ event: 'graphql.failed', requestId, path: path?.join('.'), err: cause });
  return {
    message: 'an unexpected error; the request id finds its cause in the log',
    ...place,
    extensions: { code: 'INTERNAL', requestId },
  };
}

function rootCause(error: GraphQLError): Error | undefined {
  let cause: Error | undefined = error.originalError ?? undefined;
  while (cause instanceof GraphQLError) cause = cause.originalError ?? undefined;
  return cause;
}
