import { setMaxListeners } from 'node:events';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../execution/request-context.ts';
import { answerEventStream, wantsEventStream } from './server-sent-events.ts';
import type { TransportDeps } from './transport-deps.ts';

/** Answers /graphql over HTTP: one result by Apollo Server, or an event stream where the client asks for one. */
export function serveGraphql(
  app: FastifyInstance,
  apollo: ApolloServer<RequestContext>,
  deps: TransportDeps & { readonly requestTimeoutMs: number },
): void {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  app.addHook('preClose', async () => closing.abort());
  const contexts = new WeakMap<FastifyRequest, RequestContext>();
  const answerOnce = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) => contexts.get(request) ?? contextOf(request, neverAborts),
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      if (wantsEventStream(request)) return await answerEventStream(request, reply, deps, closing.signal);
      const { signal, done } = requestSignal(reply, deps.requestTimeoutMs);
      contexts.set(request, contextOf(request, signal));
      try {
        return await answerOnce.call(app, request, reply);
      } finally {
        done();
      }
    },
  });
}

const neverAborts = new AbortController().signal;

function contextOf({ principal, id }: FastifyRequest, signal: AbortSignal): RequestContext {
  return { principal, requestId: id, signal };
}

/** Aborts when the client hangs up before its answer, or when its time is over. */
function requestSignal({ raw }: FastifyReply, timeoutMs: number) {
  const controller = new AbortController();
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
