import { spanOf } from '@spine/platform/tracing/trace-requests';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestContext } from '../execution/request-context.ts';
import { wantsEventStream } from '../transports/wants-event-stream.ts';
import type { ReadClientHeaders } from './client-headers.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { OpenWatch, WatchRequest } from './watch-requests.ts';

/** Begins to follow a request that is answered once; answers what its context takes from its headers, and the watch. */
export type FollowRequest = (
  request: FastifyRequest,
) => Pick<RequestContext, 'watch' | 'headers' | 'traceparent' | 'showPlan'>;

/** Makes requests that are followed end with their answer's last byte. */
export function createFollowRequest(
  app: FastifyInstance,
  deps: {
    readonly watchRequest: WatchRequest;
    readonly readHeaders: ReadClientHeaders;
    readonly metrics: Pick<RequestMetrics, 'observeHttp'>;
  },
): FollowRequest {
  const watches = new WeakMap<FastifyRequest, OpenWatch>();
  app.addHook('onResponse', (request, reply, done) => {
    watches.get(request)?.close(reply.elapsedTime);
    // Refusals count, wherever they were spoken; a stream is no answer that one waits for.
    if (request.routeOptions.url === '/graphql' && !wantsEventStream(request)) {
      deps.metrics.observeHttp(request.method, reply.statusCode, reply.elapsedTime / 1000);
    }
    done();
  });
  return (request) => {
    const read = deps.readHeaders(request.headers);
    const { traceparent } = read;
    const watch = deps.watchRequest({ requestId: request.id, span: spanOf(request), traceparent });
    watches.set(request, watch);
    return { ...read, watch };
  };
}
