import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { Caller } from '@spine/platform/auth/authenticate';
import type { Principal } from '@spine/platform/auth/principal';
import { mapIterator } from '@spine/platform/graphql/map-stream';
import { serveWebSockets } from '@spine/platform/graphql/web-socket-server';
import type { FastifyInstance } from 'fastify';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import { isRefused } from '../execution/prepare-operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { connectionAuthorization } from './connection-authorization.ts';
import { countedStream } from './counted-stream.ts';
import { isOriginAllowed } from './origin.ts';
import type { TransportDeps } from './transport-deps.ts';

const mostSockets = 1_000;
const mostOperationsPerSocket = 20;

/** Serves graphql-transport-ws on /graphql. A socket says once who it is: in connection_init, or by its headers. */
export function serveWebSocket(app: FastifyInstance, deps: TransportDeps): void {
  const { authenticator, prepare, execute, subscribe, log, allowedOrigins, countStream } = deps;
  const people = new Map<WebSocket, Person>();
  const preparedBy = new WeakMap<ExecutionArgs, Prepared>();

  function prepared(args: ExecutionArgs): Prepared {
    const found = preparedBy.get(args);
    invariant(found !== undefined, 'graphql-ws runs only what was prepared');
    return found;
  }

  serveWebSockets(app, {
    path: '/graphql',
    log,
    acceptUpgrade({ headers: { origin, host } }) {
      const accepted = isOriginAllowed({ origin, host }, allowedOrigins);
      if (!accepted) log.warn({ event: 'socket.origin_refused', origin });
      return accepted;
    },
    protocol: {
      async onConnect({ connectionParams, extra: { socket, request } }) {
        try {
          const principal = await authenticator.authenticate(callerOf(request, connectionParams));
          // It may have left meanwhile, and then it does not leave again.
          if (socket.readyState !== socket.OPEN) return false;
          if (people.size >= mostSockets) {
            socket.close(1013, 'too many connections, try again later');
            return false;
          }
          const left = new AbortController();
          // One listener for each operation of the socket and more: no leak.
          setMaxListeners(0, left.signal);
          people.set(socket, { principal, left });
          return true;
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          log.info({ event: 'socket.refused', code: error.code, reason: error.message });
          // Clients try again after 4403, which a plain false would send; these credentials will not get better.
          socket.close(4401, error.message.slice(0, 100));
          return false;
        }
      },
      onSubscribe({ extra: { socket }, subscriptions }, _id, payload) {
        const requestId = randomUUID();
        const refuse = (errors: readonly unknown[]) => [...maskErrors(errors, requestId, log)];
        const person = people.get(socket);
        invariant(person !== undefined, 'only acknowledged sockets subscribe');
        if (Object.keys(subscriptions).length > mostOperationsPerSocket) return refuse([tooMany]);
        const operation = prepare(payload);
        if (isRefused(operation)) return refuse(operation);
        const { document, operationName = null } = operation;
        const args: ExecutionArgs = { schema: operation.graph.schema, document, operationName };
        const { principal, left } = person;
        preparedBy.set(args, { operation, context: { principal, requestId, signal: left.signal } });
        return args;
      },
      execute(args) {
        const { operation, context } = prepared(args);
        return execute(operation, context);
      },
      subscribe(args) {
        const { operation, context } = prepared(args);
        const events = countedStream(subscribe(operation, context), countStream('websocket'));
        return mapIterator(events, ({ result }): ExecutionResult => result);
      },
      onClose({ extra: { socket } }) {
        people.get(socket)?.left.abort();
        people.delete(socket);
      },
    },
  });
}

interface Person {
  readonly principal: Principal;
  /** Aborts when the socket closes. */
  readonly left: AbortController;
}

interface Prepared {
  readonly operation: Operation;
  readonly context: RequestContext;
}

const tooMany = new GraphQLError(`a socket has at most ${mostOperationsPerSocket} operations at once`, {
  extensions: { code: 'TOO_MANY_OPERATIONS' },
});

/** Whoever opens a socket; the payload's Authorization comes before the header's. */
function callerOf(request: IncomingMessage, payload: unknown): Caller {
  const authorization = connectionAuthorization(payload) ?? request.headers.authorization;
  return { headers: { ...request.headers, authorization }, remoteAddress: request.socket.remoteAddress };
}
