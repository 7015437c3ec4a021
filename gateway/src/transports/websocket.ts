import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { Caller } from '@spine/platform/auth/authenticate';
import { serveWebSockets } from '@spine/platform/graphql/web-socket-server';
import type { FastifyInstance } from 'fastify';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import { isRefused } from '../execution/prepare-operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { type ReadClientHeaders, traceparentOf } from '../observability/client-headers.ts';
import { reviveMessage } from '../trusted/revive-message.ts';
import { type ClientSession, createClientSession, type SessionEnd } from './client-session.ts';
import { connectionAuthorization } from './connection-authorization.ts';
import { isOriginAllowed } from './origin.ts';
import { pumpEvents } from './pump-events.ts';
import { createSocketOutlet, type SocketOutlet } from './socket-outlet.ts';
import type { TransportDeps } from './transport-deps.ts';

/** Serves graphql-transport-ws on /graphql. A socket says once who it is: in connection_init, or by its headers. */
export function serveWebSocket(app: FastifyInstance, deps: TransportDeps): void {
  const { authenticator, prepare, execute, subscribe, log, allowedOrigins, countStream, streams, admission } =
    deps;
  const { readHeaders } = deps;
  const clients = new Map<WebSocket, Client>();
  const preparedBy = new WeakMap<ExecutionArgs, Prepared>();

  function prepared(args: ExecutionArgs): Prepared {
    const found = preparedBy.get(args);
    invariant(found !== undefined, 'graphql-ws runs only what was prepared');
    return found;
  }

  async function welcome(socket: WebSocket, request: IncomingMessage, caller: Caller): Promise<boolean> {
    const principal = await authenticator.authenticate(caller);
    // It may have left meanwhile, and then it does not leave again.
    if (socket.readyState !== socket.OPEN) return false;
    const leave = admission.admit(principal, caller.remoteAddress);
    if (typeof leave === 'string') {
      log.info({ event: 'socket.refused', code: 'TOO_MANY_STREAMS', full: leave });
      if (leave === 'process') socket.close(1013, 'too many connections, try again later');
      else socket.close(4429, `too many connections of this ${leave}`);
      return false;
    }
    const session = createClientSession({
      ...streams,
      principal,
      authenticate: () => authenticator.authenticate(caller),
      onEnd: (why) => socket.close(...closeCodes[why]),
    });
    clients.set(socket, {
      session,
      outlet: createSocketOutlet(socket, request.socket),
      leave,
      told: readHeaders(request.headers),
    });
    return true;
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
      jsonMessageReviver: reviveMessage,
      async onConnect({ connectionParams, extra: { socket, request } }) {
        try {
          return await welcome(socket, request, callerOf(request, connectionParams));
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          log.info({ event: 'socket.refused', code: error.code, reason: error.message });
          // Clients try again after 4403, which a plain false would send; these credentials will not get better.
          if (error.code === 'SERVICE_UNAVAILABLE') socket.close(1013, error.message.slice(0, 100));
          else if (error.code === 'RATE_LIMITED') socket.close(4429, error.message.slice(0, 100));
          else socket.close(4401, error.message.slice(0, 100));
          return false;
        }
      },
      onSubscribe({ extra: { socket }, subscriptions }, id, payload) {
        const requestId = randomUUID();
        const refuse = (errors: readonly unknown[]) => [...maskErrors(errors, requestId, log)];
        const client = clients.get(socket);
        invariant(client !== undefined, 'only acknowledged sockets subscribe');
        const { operationsPerSocket } = streams;
        if (Object.keys(subscriptions).length > operationsPerSocket)
          return refuse([tooMany(operationsPerSocket)]);
        const principal = client.session.principal();
        const operation = prepare(payload, principal);
        if (isRefused(operation)) return refuse(operation);
        const { document, operationName = null } = operation;
        const args: ExecutionArgs = { schema: operation.graph.schema, document, operationName };
        const context = {
          principal,
          requestId,
          signal: client.session.left,
          ...client.told,
          traceparent: traceparentOf(payload.extensions) ?? client.told.traceparent,
        };
        preparedBy.set(args, { id, socket, client, operation, context });
        return args;
      },
      execute(args) {
        const { operation, context } = prepared(args);
        return execute(operation, context);
      },
      subscribe(args) {
        const { id, socket, client, operation, context } = prepared(args);
        const subscription = subscribe(operation, context, { identity: client.session });
        return sending(subscription, async () => {
          const counted = countStream('websocket');
          const outlet = client.outlet.forOperation(id, counted.sent);
          const how = await pumpEvents(subscription, outlet, streams.stalledMs).finally(counted.closed);
          if (how === 'stalled') {
            log.info({ event: 'socket.stalled', requestId: context.requestId });
            socket.close(4429, 'took nothing for too long');
          }
        });
      },
      onClose({ extra: { socket } }) {
        const client = clients.get(socket);
        clients.delete(socket);
        client?.session.close();
        client?.outlet.close();
        client?.leave();
      },
    },
  });
}

interface Client {
  readonly session: ClientSession;
  readonly outlet: SocketOutlet;
  /** What its upgrade said besides who it is. */
  readonly told: ReturnType<ReadClientHeaders>;
  /** Gives its place to another. */
  readonly leave: () => void;
}

interface Prepared {
  readonly id: string;
  readonly socket: WebSocket;
  readonly client: Client;
  readonly operation: Operation;
  readonly context: RequestContext;
}

// Clients come back by themselves after these: with a fresh token, or to another process.
const closeCodes: Readonly<Record<SessionEnd, readonly [number, string]>> = {
  expired: [4403, 'the token has expired'],
  revoked: [4403, 'the token is not accepted any more'],
  old: [1012, 'please connect again'],
};

/**
 * What graphql-ws takes for a stream of results, and is none: the events are sent by `run`, as text that all who share
 * them share. graphql-ws would write each of them anew for each client.
 */
function sending(
  subscription: AsyncIterableIterator<unknown>,
  run: () => Promise<void>,
): AsyncIterableIterator<never, undefined, undefined> {
  const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
  let running: Promise<void> | undefined;
  return {
    async next() {
      running ??= run();
      await running;
      return end;
    },
    async return() {
      await subscription.return?.();
      return end;
    },
    async throw(error: unknown) {
      await subscription.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function tooMany(most: number): GraphQLError {
  return new GraphQLError(`a socket has at most ${most} operations at once`, {
    extensions: { code: 'TOO_MANY_OPERATIONS' },
  });
}

/** Whoever opens a socket; the payload's Authorization comes before the header's. */
function callerOf(request: IncomingMessage, payload: unknown): Caller {
  const authorization = connectionAuthorization(payload) ?? request.headers.authorization;
  return { headers: { ...request.headers, authorization }, remoteAddress: request.socket.remoteAddress };
}
