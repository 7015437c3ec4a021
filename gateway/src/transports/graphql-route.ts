import { setMaxListeners } from 'node:events';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maskErrors } from '../execution/mask-errors.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { type AdmittedRequest, type FrontDoor, isRefusal } from '../security/front-door.ts';
import { queryStringRequest } from './query-string-request.ts';
import { negotiateMedia, type ResponseMedia, responseStatus } from './response-status.ts';
import { answerEventStream } from './server-sent-events.ts';
import type { TransportDeps } from './transport-deps.ts';
import { wantsEventStream } from './wants-event-stream.ts';

export interface GraphqlRouteDeps extends TransportDeps {
  readonly door: FrontDoor;
  readonly requestTimeoutMs: number;
}

/** Answers /graphql over HTTP: one result by Apollo Server, or an event stream where the client asks for one. */
export function serveGraphql(
  app: FastifyInstance,
  apollo: ApolloServer<RequestContext>,
  deps: GraphqlRouteDeps,
): void {
  const { door, log, requestTimeoutMs, follow } = deps;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  app.addHook('preClose', async () => closing.abort());

  async function answerOnce(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const media = negotiateMedia(request.headers.accept);
    if (media === null) throw unacceptable();
    const asked = request.method === 'GET' ? queryStringRequest(request.query) : request.body;
    const admitted = door(asked, request.principal);
    if (isRefusal(admitted)) {
      const errors = maskErrors(admitted, request.id, log);
      const code = String(errors[0]?.extensions['code']);
      reply.code(responseStatus(media, { ran: false, code })).type(`${media}; charset=utf-8`);
      return `${JSON.stringify({ errors })}\n`;
    }
    const { signal, done } = requestSignal(reply, requestTimeoutMs);
    try {
      const { principal, id: requestId, headers } = request;
      const showCost = headers['spine-cost'] === '1';
      const context = { principal, requestId, signal, showCost, ...follow(request) };
      return await askApollo(apollo, request, reply, { admitted, media, context });
    } finally {
      done();
    }
  }

  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      if (wantsEventStream(request)) return await answerEventStream(request, reply, deps, closing.signal);
      return await answerOnce(request, reply);
    },
  });
}

interface Asked {
  readonly admitted: AdmittedRequest;
  readonly media: ResponseMedia;
  readonly context: RequestContext;
}

async function askApollo(
  apollo: ApolloServer<RequestContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  { admitted, media, context }: Asked,
): Promise<string> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  headers.set('accept', media);
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers,
      search: request.method === 'GET' ? searchOf(admitted) : '',
      body: request.method === 'GET' ? undefined : admitted,
    },
    context: async () => context,
  });
  for (const [name, value] of answer.headers) reply.header(name, value);
  reply.code(answer.status ?? 200);
  // Incremental delivery is refused by validation: @defer is no directive of the graph.
  if (answer.body.kind !== 'complete') throw new Error('an answer in parts');
  return answer.body.string;
}

/** The query string that Apollo Server reads: the document itself, whatever the client named it by. */
function searchOf({ query, operationName, variables, extensions }: AdmittedRequest): string {
  const search = new URLSearchParams({ query });
  if (operationName !== undefined) search.set('operationName', operationName);
  if (variables !== undefined) search.set('variables', JSON.stringify(variables));
  if (extensions !== undefined) search.set('extensions', JSON.stringify(extensions));
  return search.toString();
}

function unacceptable(): Problem {
  return new Problem('NOT_ACCEPTABLE', 'the answer cannot be written in any type that Accept names', {
    fix: 'Accept application/json or application/graphql-response+json.',
  });
}

/** Aborts when the client hangs up before its answer, or when its time is over. */
function requestSignal({ raw }: FastifyReply, timeoutMs: number) {
  const controller = new AbortController();
  // One listener for each fetch under way, and a plan may have more than ten at once: no leak.
  setMaxListeners(0, controller.signal);
  const onClose = (): void => {
    if (!raw.writableFinished) controller.abort(new DOMException('the client left', 'AbortError'));
  };
  const onTime = (): void =>
    controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
  const timer = setTimeout(onTime, timeoutMs);
  raw.once('close', onClose);
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer);
      raw.off('close', onClose);
    },
  };
}
