import type { FastifyInstance } from 'fastify';
import type { Log } from '../log/create-log.ts';
import type { Metrics } from '../metrics/create-metrics.ts';

/** Measures and logs (at debug) every answer, by the route's pattern: paths hold names, and would be a series each. */
export function watchRequests(app: FastifyInstance, metrics: Metrics, log: Pick<Log, 'debug'>): void {
  const seconds = metrics.histogram({
    name: 'http_request_seconds',
    help: 'Time to answer HTTP requests.',
    labels: ['method', 'route', 'status'],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    const { method } = request;
    const status = String(reply.statusCode);
    seconds.observe({ method, route, status }, reply.elapsedTime / 1000);
    log.debug({
      event: 'http.answered',
      requestId: request.id,
      method,
      route,
      status,
      ms: reply.elapsedTime,
    });
  });
}
