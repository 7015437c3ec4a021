import { Problem } from '@spine/kernel/problem';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import { isRefused } from '../execution/prepare-operation.ts';
import type { StreamEvent } from '../subscriptions/stream-event.ts';
import { createClientSession } from './client-session.ts';
import { createDrainWatch } from './drain-watch.ts';
import { isOriginAllowed } from './origin.ts';
import { type EventOutlet, pumpEvents } from './pump-events.ts';
import { queryStringRequest } from './query-string-request.ts';
import type { TransportDeps } from './transport-deps.ts';

const aliveEveryMs = 15_000;
const lingerMs = 5_000;
const mostWaitingBytes = 65_536;

/**
 * Answers one operation as an event stream: the distinct connections mode of the graphql-sse protocol. Each event of a
 * stream with cursors has its cursor as `id`, so a browser that reconnects resumes by itself (Last-Event-ID).
 */
export async function answerEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: TransportDeps,
  closing: AbortSignal,
): Promise<void> {
  const { prepare, execute, log, allowedOrigins } = deps;
  const { origin, host } = request.headers;
  if (!isOriginAllowed({ origin, host }, allowedOrigins)) {
    throw new Problem('FORBIDDEN', 'pages of this origin may not open streams here', {
      fix: 'Add the origin to SPINE_GATEWAY_ORIGINS.',
    });
  }
  const requestId = request.id;
  const asked = request.method === 'GET' ? queryStringRequest(request.query) : request.body;
  const operation = prepare(asked, request.principal);
  if (!isRefused(operation) && operation.definition.operation === OperationTypeNode.SUBSCRIPTION) {
    await answerSubscription(operation, { request, reply, deps, closing });
    return;
  }
  const stream = openEventStream(reply, requestId, closing);
  try {
    if (isRefused(operation)) {
      stream.next({ errors: maskErrors(operation, requestId, log) });
    } else if (request.method === 'GET' && operation.definition.operation !== OperationTypeNode.QUERY) {
      const problem = new Problem('METHOD_NOT_ALLOWED', 'GET does not run mutations', { fix: 'Use POST.' });
      stream.next({ errors: maskErrors([problem], requestId, log) });
    } else {
      const context = { principal: principalOf(request), requestId, signal: stream.left };
      stream.next(await execute(operation, { ...context, ...deps.follow(request) }));
    }
  } catch (error) {
    log.error({ event: 'sse.failed', requestId, err: error });
  } finally {
    stream.end();
  }
}

interface SubscriptionRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: TransportDeps;
  readonly closing: AbortSignal;
}

async function answerSubscription(
  operation: Operation,
  { request, reply, deps, closing }: SubscriptionRequest,
): Promise<void> {
  const { authenticator, subscribe, log, countStream, streams, admission } = deps;
  const { id: requestId, headers, ip } = request;
  const principal = principalOf(request);
  const leave = admission.admit(principal, ip);
  if (typeof leave === 'string') {
    throw new Problem('TOO_MANY_STREAMS', `too many streams of this ${leave}`, {
      fix: 'End one, or put several subscriptions on one WebSocket.',
    });
  }
  const stream = openEventStream(reply, requestId, closing);
  const session = createClientSession({
    ...streams,
    principal,
    // A service proves itself by a signature of this one request.
    authenticate: async () =>
      principal.kind === 'service'
        ? principal
        : await authenticator.authenticate({ headers, remoteAddress: ip }),
    onEnd: (why) => stream.interrupt(why === 'old' ? null : endedProof(requestId)),
  });
  stream.left.addEventListener('abort', () => session.close(), { once: true });
  const counted = countStream('sse');
  try {
    const after = headers['last-event-id'];
    const subscription = subscribe(
      operation,
      { principal, requestId, signal: session.left, ...deps.readHeaders(headers) },
      { after: typeof after === 'string' ? after : null, identity: session },
    );
    const how = await pumpEvents(subscription, stream.outlet(counted.sent), streams.stalledMs);
    if (how === 'stalled') {
      log.info({ event: 'sse.stalled', requestId });
      stream.interrupt(null);
    }
  } catch (error) {
    log.error({ event: 'sse.failed', requestId, err: error });
  } finally {
    counted.closed();
    session.close();
    leave();
    stream.end();
  }
}

/** What a client whose token is not good any more is told, before its stream completes. */
function endedProof(requestId: string): GraphQLError {
  return new GraphQLError('the token is not accepted any more', {
    extensions: { code: 'UNAUTHENTICATED', requestId, fix: 'Subscribe again with a fresh token.' },
  });
}

function openEventStream(reply: FastifyReply, requestId: string, closing: AbortSignal) {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    // What hooks have said of the answer: origins, security.
    ...headersOf(reply),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
  });
  raw.flushHeaders();
  const left = new AbortController();
  const isFull = (): boolean => raw.writableLength > mostWaitingBytes;
  const watch = createDrainWatch(isFull);
  const leave = (): void => {
    watch.end();
    left.abort();
  };
  raw.once('close', leave);
  // A gateway that stops ends the stream without `complete`: a browser comes back by itself, with its last id.
  closing.addEventListener('abort', leave, { once: true });
  if (closing.aborted) leave();
  // Comments keep proxies from closing an idle stream, and find a client that is gone.
  const alive = setInterval(() => {
    if (!isFull()) raw.write(':\n\n');
  }, aliveEveryMs);
  const write = (text: string, cursor: string | null, taken?: () => void): void => {
    const id = cursor === null ? '' : `id: ${cursor}\n`;
    if (!left.signal.aborted) raw.write(`${id}event: next\ndata: ${text}\n\n`, taken);
  };

  return {
    /** Aborts when the client hangs up, the stream is interrupted or the gateway stops. */
    left: left.signal,
    next: (result: ExecutionResult): void => write(JSON.stringify(result), null),
    outlet: (onSent: (event: StreamEvent) => void): EventOutlet => ({
      send(event) {
        write(event.text, event.cursor, () => watch.progressed());
        onSent(event);
      },
      isFull,
      drained: (withinMs) => watch.drained(withinMs),
    }),
    /** Ends it at once: with an error it is complete, without one the client comes back by itself. */
    interrupt(error: GraphQLError | null): void {
      if (error !== null && !left.signal.aborted) {
        write(JSON.stringify({ errors: [error] }), null);
        raw.write(complete);
      }
      leave();
    },
    end(): void {
      clearInterval(alive);
      closing.removeEventListener('abort', leave);
      raw.end(left.signal.aborted ? undefined : complete);
      // A client that takes nothing does not take the end either.
      const late = setTimeout(() => raw.destroy(), lingerMs);
      raw.once('close', () => clearTimeout(late));
      if (raw.closed) clearTimeout(late);
    },
  };
}

const complete = 'event: complete\ndata:\n\n';

function headersOf(reply: FastifyReply): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'number' ? String(value) : value]],
    ),
  );
}
