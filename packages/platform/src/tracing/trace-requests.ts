import type { FastifyInstance, FastifyRequest } from 'fastify';
import { withSpan } from './active-span.ts';
import type { Tracing } from './create-tracing.ts';
import { noSpan, type Span } from './span.ts';

const spans = new WeakMap<FastifyRequest, Span>();
// Asked every few seconds by machines.
const untraced = new Set(['/livez', '/readyz', '/metrics']);

/** The span of a request; `noSpan` without tracing. */
export function spanOf(request: FastifyRequest): Span {
  return spans.get(request) ?? noSpan;
}

/** Makes every request a span, in the trace of its caller if it names one; its handler's work is part of it. */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  if (!tracing.on) return;
  app.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route === undefined || untraced.has(route)) return done();
    const { traceparent } = request.headers;
    spans.set(
      request,
      tracing.start(`${request.method} ${route}`, {
        kind: 'server',
        parent: typeof traceparent === 'string' ? traceparent : null,
        attributes: { 'http.request.method': request.method, 'http.route': route },
      }),
    );
    done();
  });
  // After the body was read: its events begin outside of what was active before.
  app.addHook('preHandler', (request, _reply, done) => withSpan(spanOf(request), done));
  app.addHook('onResponse', (request, reply, done) => {
    const span = spanOf(request);
    span.set({ 'http.response.status_code': reply.statusCode });
    if (reply.statusCode >= 500) span.fail(String(reply.statusCode));
    span.end();
    done();
  });
}
