import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import { GraphQLError } from 'graphql';

// What a subgraph may say of an error besides its message. Anything else stays inside.
const shown = [
  'code',
  'serviceName',
  'fix',
  'requestId',
  'limit',
  'measure',
  'most',
  'retryAfterSeconds',
] as const;

/**
 * Errors as clients see them: a stable `extensions.code` and the request id on each. What is not meant for them (a bug,
 * a stack, a cause) is logged and shown as INTERNAL.
 */
export function maskErrors(
  errors: readonly unknown[],
  requestId: string,
  log: Pick<Log, 'error'>,
): readonly GraphQLError[] {
  return errors.map((error) => {
    if (error instanceof GraphQLError && isMeantForClients(error)) {
      const extensions: Record<string, unknown> = { code: 'GRAPHQL_VALIDATION_FAILED', requestId };
      for (const name of shown) {
        if (error.extensions[name] !== undefined) extensions[name] = error.extensions[name];
      }
      return new GraphQLError(error.message, { ...placeOf(error), extensions });
    }
    if (error instanceof Problem) {
      const { message, code, fix, extensions } = error;
      const { retryAfterSeconds } = extensions;
      return new GraphQLError(message, {
        extensions: {
          code,
          requestId,
          ...(fix !== undefined && { fix }),
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        },
      });
    }
    log.error({ event: 'graphql.failed', requestId, err: error });
    return new GraphQLError('an unexpected error; the request id finds its cause in the log', {
      ...(error instanceof GraphQLError && placeOf(error)),
      extensions: { code: 'INTERNAL', requestId },
    });
  });
}

// With a code, somebody chose to say it. Without one, a GraphQLError that wraps nothing is graphql-js refusing the text.
function isMeantForClients(error: GraphQLError): boolean {
  return typeof error.extensions['code'] === 'string' || error.originalError === undefined;
}

function placeOf(error: GraphQLError) {
  return {
    ...(error.nodes !== undefined && { nodes: error.nodes }),
    ...(error.source !== undefined && { source: error.source }),
    ...(error.positions !== undefined && { positions: error.positions }),
    ...(error.path !== undefined && { path: error.path }),
  };
}
