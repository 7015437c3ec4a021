import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { execute, GraphQLError, parse, subscribe, validate } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Authenticator, Caller } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import type { Log } from '../log/create-log.ts';
import type { Subgraph } from './build-subgraph.ts';
import type { GraphContext } from './context.ts';
import { maskError } from './mask-error.ts';

const maxPayload = 64 * 1024;

/**
 * Subscriptions over graphql-transport-ws on /graphql. A socket is shared by many people behind the gateway: the connection
 * proves the service, each `subscribe` carries the signed claims of its principal.
 */
export function serveSubscriptions(
  app: FastifyInstance,
  subgraph: Subgraph,
  deps: {
    readonly authenticator: Authenticator;
    readonly log: Log;
    readonly contextFor: (principal: Principal, requestId: string) => GraphContext;
  },
): void {
  const { authenticator, log } = deps;
  const { schema } = subgraph;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols: (protocols) =>
      protocols.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
  });

  const server = useServer(
    {
      schema,
      onConnect(context) {
        try {
          authenticator.authenticateConnection(
            strings(context.connectionParams),
            callerOf(context.extra.request),
          );
          return true;
        } catch (error) {
          log.warn({ event: 'connection.refused', err: error });
          return false;
        }
      },
      onSubscribe(context, _id, payload) {
        const requestId = randomUUID();
        try {
          const signature = payload.extensions?.['spine'];
          const principal = authenticator.authenticateSubscribe(
            isMembers(signature) ? strings(signature) : undefined,
            payload,
            callerOf(context.extra.request),
          );
          const document = parse(payload.query);
          const faults = validate(schema, document);
          if (faults.length > 0) return faults;
          return {
            schema,
            document,
            operationName: payload.operationName ?? null,
            variableValues: payload.variables ?? {},
            contextValue: deps.contextFor(principal, requestId),
          };
        } catch (error) {
          return [masked(error, requestId, log)];
        }
      },
      onNext(_context, _id, _payload, _args, result) {
        if (result.errors === undefined) return undefined;
        const requestId = randomUUID();
        return {
          data: result.data ?? null,
          errors: result.errors.map((error) => maskError(error, requestId, log)),
        };
      },
      execute,
      subscribe,
    },
    sockets,
  );

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== '/graphql') {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  };
  app.server.on('upgrade', upgrade);
  app.addHook('preClose', async () => {
    app.server.off('upgrade', upgrade);
    await server.dispose();
  });
}

/** As graphql-ws wants it back: an error object with what the caller may see. */
function masked(error: unknown, requestId: string, log: Log): GraphQLError {
  const { message, path, extensions } = maskError(asGraphQLError(error), requestId, log);
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function callerOf(request: IncomingMessage): Caller {
  return { headers: request.headers, remoteAddress: request.socket.remoteAddress };
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}

function strings(members: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
