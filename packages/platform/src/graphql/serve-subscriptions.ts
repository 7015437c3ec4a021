import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance } from 'fastify';
import {
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLError,
  parse,
  subscribe,
  validate,
} from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { z } from 'zod';
import type { Caller } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import type { Subgraph } from './build-subgraph.ts';
import type { GraphContext } from './context.ts';
import { endAtExpiry } from './end-at-expiry.ts';
import { maskErrors } from './mask-errors.ts';
import { type SocketExtra, serveWebSockets } from './web-socket-server.ts';

export interface ServeSubscriptionsOptions {
  readonly createContext: (principal: Principal, requestId: string) => GraphContext;
}

type Connection = Context<Record<string, unknown>, SocketExtra>;

const extensionsShape = z.object({ spine: z.record(z.string(), z.string()).optional() });

/**
 * Serves a subgraph's subscriptions on `/graphql`: the connection proves the service that connects, each subscribe
 * carries the signed claims of the principal for whom it asks, so that one socket serves many principals.
 */
export function serveSubscriptions(
  app: FastifyInstance,
  subgraph: Subgraph,
  { createContext }: ServeSubscriptionsOptions,
): void {
  const { authenticator, spineLog: log, spineTracing: tracing } = app;
  const { schema } = subgraph;
  const ids = new WeakMap<object, string>();
  const ends = new WeakMap<ExecutionArgs, Date>();

  async function onSubscribe(
    connection: Connection,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const requestId = randomUUID();
    // A stream may last for days: the span is that of its opening.
    const span = tracing.start('subscription', { kind: 'server', parent: traceparentOf(payload) });
    try {
      const principal = authenticator.authenticateSubscribe(
        signatureOf(payload),
        payload,
        callerOfUpgrade(connection.extra.request),
      );
      const document = parseQuery(payload.query);
      const faults = validate(schema, document);
      if (faults.length > 0) return maskErrors(faults, { requestId, log });
      const contextValue = createContext(principal, requestId);
      ids.set(contextValue, requestId);
      const args = {
        schema,
        document,
        contextValue,
        operationName: payload.operationName ?? null,
        variableValues: payload.variables ?? null,
      };
      if (principal.expiresAt !== null) ends.set(args, principal.expiresAt);
      return args;
    } catch (error) {
      span.fail(error);
      return maskErrors([error], { requestId, log });
    } finally {
      span.end();
    }
  }

  serveWebSockets(app, {
    path: '/graphql',
    log,
    // One socket carries the subscriptions of a whole gateway; their variables are the largest part.
    maxPayload: 1_048_576,
    protocol: {
      onConnect: (connection) => {
        try {
          authenticator.authenticateConnection(
            connectionProof(connection.connectionParams),
            callerOfUpgrade(connection.extra.request),
          );
          return true;
        } catch (error) {
          log.warn({ event: 'socket.refused', err: error });
          return false;
        }
      },
      onSubscribe: (connection, _id, payload) => onSubscribe(connection, payload),
      subscribe: async (args) => {
        const stream = await subscribe(args);
        const expiresAt = ends.get(args);
        if (expiresAt === undefined || !(Symbol.asyncIterator in stream)) return stream;
        return endAtExpiry(stream, expiresAt, () => new Date());
      },
      onNext: (_connection, _id, _payload, args, result) => {
        if (result.errors === undefined) return undefined;
        const context = args.contextValue;
        const requestId =
          (typeof context === 'object' && context !== null && ids.get(context)) || randomUUID();
        const errors = maskErrors(result.errors, { requestId, log }).map((error) => error.toJSON());
        // Without data the subscription itself was refused: a null would look like an event.
        return { ...(result.data !== undefined && { data: result.data }), errors };
      },
      // What `onSubscribe` refused is masked already, and stays as it is; what the stream threw is not.
      onError: (_connection, _id, _payload, errors) =>
        errors.map((error) => {
          const masked = error.extensions['requestId'] !== undefined;
          const requestId = randomUUID();
          return (masked ? error : (maskErrors([error], { requestId, log })[0] ?? error)).toJSON();
        }),
    },
  });
}

function traceparentOf({ extensions }: SubscribePayload): string | null {
  const parent = extensions?.['traceparent'];
  return typeof parent === 'string' ? parent : null;
}

function signatureOf(payload: SubscribePayload): Record<string, string> | undefined {
  const extensions = extensionsShape.safeParse(payload.extensions ?? {});
  if (!extensions.success)
    throw new Problem('UNAUTHENTICATED', 'extensions.spine of the subscribe message cannot be read');
  return extensions.data.spine;
}

function connectionProof(params: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const parsed = z.record(z.string(), z.string()).safeParse(params ?? {});
  return parsed.success ? parsed.data : {};
}

function callerOfUpgrade(request: IncomingMessage): Caller {
  return { headers: request.headers, remoteAddress: request.socket.remoteAddress };
}

function parseQuery(query: string): DocumentNode {
  return parse(query, { maxTokens: 15_000 });
}
