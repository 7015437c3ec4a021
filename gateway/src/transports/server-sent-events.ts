import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Problem } from '@spine/kernel/problem';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, OperationTypeNode } from 'graphql';
import { maskErrors } from '../execution/mask-errors.ts';
import { isRefused } from '../execution/prepare-operation.ts';
import { isRecord } from '../links/is-record.ts';
import { countedStream } from './counted-stream.ts';
import { isOriginAllowed } from './origin.ts';
import type { TransportDeps } from './transport-deps.ts';

const aliveEveryMs = 15_000;

/** Whether a request for /graphql wants an event stream. */
export function wantsEventStream(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/event-stream');
}

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
  const { prepare, execute, subscribe, log, allowedOrigins, countStream } = deps;
  const { origin, host } = request.headers;
  if (!isOriginAllowed({ origin, host }, allowedOrigins)) {
    throw new Problem('FORBIDDEN', 'pages of this origin may not open streams here', {
      fix: 'Add the origin to SPINE_GATEWAY_ORIGINS.',
    });
  }
  const requestId = request.id;
  const operation = prepare(request.method === 'GET' ? fromQuery(request.query) : request.body);
  const left = new AbortController();
  const leave = (): void => left.abort();
  const context = { principal: principalOf(request), requestId, signal: left.signal };
  reply.raw.on('close', leave);
  // A gateway that stops ends the stream without `complete`: a browser comes back by itself, with its last id.
  closing.addEventListener('abort', leave, { once: true });
  if (closing.aborted) leave();
  reply.hijack();
  const stream = openEventStream(reply.raw, requestId, left.signal);
  try {
    if (isRefused(operation)) {
      await stream.next({ errors: maskErrors(operation, requestId, log) }, null);
    } else if (operation.definition.operation === OperationTypeNode.SUBSCRIPTION) {
      const after = request.headers['last-event-id'];
      const opened = subscribe(operation, context, { after: typeof after === 'string' ? after : null });
      for await (const { result, cursor } of countedStream(opened, countStream('sse'))) {
        await stream.next(result, cursor);
      }
    } else if (request.method === 'GET' && operation.definition.operation !== OperationTypeNode.QUERY) {
      const problem = new Problem('METHOD_NOT_ALLOWED', 'GET does not run mutations', { fix: 'Use POST.' });
      await stream.next({ errors: maskErrors([problem], requestId, log) }, null);
    } else {
      await stream.next(await execute(operation, context), null);
    }
  } catch (error) {
    log.error({ event: 'sse.failed', requestId, err: error });
  } finally {
    closing.removeEventListener('abort', leave);
    stream.end();
  }
}

function openEventStream(raw: ServerResponse, requestId: string, left: AbortSignal) {
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
  });
  raw.flushHeaders();
  // Comments keep proxies from closing an idle stream, and find a client that is gone.
  const alive = setInterval(() => raw.write(':\n\n'), aliveEveryMs);
  return {
    async next(result: ExecutionResult, cursor: string | null): Promise<void> {
      const id = cursor === null ? '' : `id: ${cursor}\n`;
      const taken = raw.write(`${id}event: next\ndata: ${JSON.stringify(result)}\n\n`);
      if (!taken && !left.aborted) await once(raw, 'drain', { signal: left }).catch(() => undefined);
    },
    end(): void {
      clearInterval(alive);
      raw.end(left.aborted ? undefined : 'event: complete\ndata:\n\n');
    },
  };
}

/** A request in the query string, where variables and extensions are JSON. */
function fromQuery(query: unknown): unknown {
  if (!isRecord(query)) return query;
  const { variables } = query;
  if (typeof variables !== 'string') return query;
  try {
    return { ...query, variables: JSON.parse(variables) };
  } catch {
    return { ...query, variables: 'not JSON' };
  }
}
