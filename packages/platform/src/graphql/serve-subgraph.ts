import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DocumentNode, GraphQLError, getOperationAST } from 'graphql';
import mercurius from 'mercurius';
import { z } from 'zod';
import type { Principal } from '../auth/principal.ts';
import { isSigned } from '../auth/service-signature.ts';
import { parseBody } from '../http/parse-body.ts';
import { problemOfError } from '../http/problem-of-error.ts';
import { activeSpan } from '../tracing/active-span.ts';
import type { Subgraph } from './build-subgraph.ts';
import type { GraphContext } from './context.ts';
import { maskErrors } from './mask-errors.ts';
import { serveSubscriptions } from './serve-subscriptions.ts';

export interface ServeSubgraphOptions {
  /** The context of one request; the service's `contextFor`. */
  readonly createContext: (principal: Principal, requestId: string) => GraphContext;
}

const requestShape = z.object({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z
    .string()
    .regex(/^[_A-Za-z][_0-9A-Za-z]*$/)
    .nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Serves a subgraph on `POST /graphql` (compiled at the second use of an operation) and its subscriptions on the same
 * path. Only our own services get in, by their signature, `_service` included; in dev mode also this machine. A malformed
 * request is answered with 400, an operation that ran with 200, both with `errors` that tell nothing of our insides.
 */
export async function serveSubgraph(
  app: FastifyInstance,
  subgraph: Subgraph,
  { createContext }: ServeSubgraphOptions,
): Promise<void> {
  await app.register(mercurius, {
    schema: subgraph.schema,
    jit: 1,
    routes: false,
    graphql: { parseOptions: { maxTokens: 15_000 } },
    // Errors pass unformatted; they are masked below.
    errorFormatter: (execution) => ({
      statusCode: 200,
      response: { ...execution, data: execution.data ?? null },
    }),
  });
  app.graphql.addHook('preExecution', async (_schema, document, context) => {
    assertNoSubscription(document, Reflect.get(context, 'operationName'));
  });

  app.post('/graphql', async (request, reply) => {
    assertSigned(request);
    const context = createContext(request.principal, request.id);
    const masking = { requestId: request.id, log: app.spineLog };
    try {
      const { query, variables, operationName } = parseBody(requestShape, request.body);
      const result = await app.graphql(
        cacheKey(query, operationName),
        { ...context, operationName },
        variables ?? {},
        operationName ?? undefined,
      );
      if (result.errors === undefined) return result;
      return { ...result, errors: maskErrors(result.errors, masking) };
    } catch (error) {
      const refused = refusalsOf(error);
      if (refused !== undefined) return answer(reply, 400, maskErrors(refused, masking));
      return answer(reply, problemOfError(error).status, maskErrors([error], masking));
    }
  });
  serveSubscriptions(app, subgraph, { createContext });
}

/**
 * Mercurius compiles and caches by the text alone: the second operation of a document would be answered with the first.
 * The name behind the text keeps them apart without moving the positions in errors.
 */
function cacheKey(query: string, operationName: string | null | undefined): string {
  return operationName === null || operationName === undefined ? query : `${query}\n# ${operationName}`;
}

function assertSigned(request: FastifyRequest): void {
  if (isSigned(request.headers) || request.principal.kind === 'dev') return;
  throw new Problem('UNAUTHENTICATED', 'a subgraph answers to our own services only', {
    fix: 'Ask the gateway.',
  });
}

function assertNoSubscription(document: DocumentNode, operationName: unknown): void {
  const operation = getOperationAST(document, typeof operationName === 'string' ? operationName : null);
  if (operation !== null && operation !== undefined) activeSpan().rename(operation.operation);
  if (operation?.operation !== 'subscription') return;
  throw new Problem('INPUT_INVALID', 'a subscription cannot be asked over plain HTTP', {
    fix: 'Open a WebSocket with the subprotocol graphql-transport-ws on the same path.',
  });
}

/** What mercurius refused before anything ran: syntax, validation, variables. */
function refusalsOf(error: unknown): readonly GraphQLError[] | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return undefined;
  const refusals = error.errors.filter((one) => one instanceof GraphQLError);
  return refusals.length > 0 ? refusals : undefined;
}

function answer(
  reply: FastifyReply,
  status: number,
  errors: readonly GraphQLError[],
): { errors: readonly GraphQLError[] } {
  reply.code(status);
  return { errors };
}
