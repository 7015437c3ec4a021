import { spanOf } from '@spine/platform/tracing/trace-requests';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestContext } from '../execution/request-context.ts';
import { forwardedHeaders } from '../links/forward-headers.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { OpenWatch, WatchRequest } from './watch-requests.ts';

/** Begins to follow a request over HTTP; answers what its context takes from its headers. */
export type FollowRequest = (
  request: FastifyRequest,
) => Pick<RequestContext, 'watch' | 'showPlan' | 'headers'>;

/** Makes requests that are followed end with their answer's last byte. */
export function createFollowRequest(
  app: FastifyInstance,
  deps: {
    readonly watchRequest: WatchRequest;
    readonly metrics: Pick<RequestMetrics, 'observeHttp'>;
    /** Names of the headers that subgraphs may see. */
    readonly forwardHeaders: readonly string[];
  },
): FollowRequest {
  const watches = new WeakMap<FastifyRequest, OpenWatch>();
  app.addHook('onResponse', (request, reply, done) => {
    const watch = watches.get(request);
    if (watch !== undefined) {
      watch.close(reply.elapsedTime);
      deps.metrics.observeHttp(request.method, reply.statusCode, reply.elapsedTime / 1000);
    }
    done();
  });
  return (request) => {
    const { headers, id: requestId } = request;
    const traceparent = typeof headers['traceparent'] === 'string' ? headers['traceparent'] : undefined;
    const watch = deps.watchRequest({ requestId, span: spanOf(request), traceparent });
    watches.set(request, watch);
    return {
      watch,
      showPlan: headers['spine-query-plan'] === '1',
      headers: forwardedHeaders(headers, deps.forwardHeaders),
    };
  };
}
