import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import mercurius from 'mercurius';
import type { Authenticator } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import { signatureHeaders } from '../auth/service-signature.ts';
import type { Log } from '../log/create-log.ts';
import type { Subgraph } from './build-subgraph.ts';
import type { GraphContext } from './context.ts';
import { maskError } from './mask-error.ts';
import { serveSubscriptions } from './serve-subscriptions.ts';

export interface ServeSubgraphDeps {
  readonly authenticator: Authenticator;
  readonly log: Log;
  readonly contextFor: (principal: Principal, requestId: string) => GraphContext;
}

/** Serves a subgraph on /graphql: mercurius (jit) for queries and mutations, graphql-ws for subscriptions. Only our gateway may ask. */
export async function serveSubgraph(
  app: FastifyInstance,
  subgraph: Subgraph,
  deps: ServeSubgraphDeps,
): Promise<void> {
  const { authenticator, log, contextFor } = deps;
  app.addHook('preHandler', async (request) => {
    if (request.routeOptions.url !== '/graphql' || authenticator.mode === 'dev') return;
    // The signature itself was checked when the principal was made; a bearer alone may not come past the gateway.
    if (request.headers[signatureHeaders.signature] === undefined) {
      throw new Problem('UNAUTHENTICATED', 'the subgraph answers signed requests only', {
        fix: 'Ask the gateway.',
      });
    }
  });
  await app.register(mercurius, {
    schema: subgraph.schema,
    path: '/graphql',
    jit: 1,
    graphiql: false,
    subscription: false,
    allowBatchedQueries: false,
    context: (request) => contextFor(request.principal, request.id),
    errorFormatter(execution, context) {
      const requestId = requestIdOf(context);
      const errors = (execution.errors ?? []).map((error) =>
        maskError(
          error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error }),
          requestId,
          log,
        ),
      );
      const unread = execution.data == null;
      return {
        statusCode: unread ? statusOf(errors) : 200,
        response: { data: execution.data ?? null, errors },
      };
    },
  });
  serveSubscriptions(app, subgraph, deps);
}

function requestIdOf(context: unknown): string {
  const id =
    context !== null && typeof context === 'object' && 'requestId' in context ? context.requestId : '';
  return typeof id === 'string' ? id : '';
}

/** A request that never reached a resolver is the caller's fault; everything else is a 200 with errors (GraphQL over HTTP). */
function statusOf(errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[]): number {
  return errors.every((error) => error.extensions?.['code'] === 'GRAPHQL_VALIDATION_FAILED') ? 400 : 200;
}
