import { randomUUID } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import { hashBody } from '../auth/service-signature.ts';
import type { Log } from '../log/create-log.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import { problemDocument } from './problem-document.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler runs. Reading it on an open path throws. */
    principal: Principal;
    /** The body as it came over the wire: what a service signature covers. Parsers of other content types set it, too. */
    rawBody: Uint8Array | string;
  }
  interface FastifyContextConfig {
    /** Open paths ask for no identity: health, metrics, static pages. */
    open?: boolean;
  }
}

export interface HttpServerOptions {
  readonly name: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly authenticator: Authenticator;
  /** What must answer before /readyz is 200, by name. */
  readonly readiness: Readonly<Record<string, () => Promise<unknown>>>;
  /** Bytes; 1 MiB by default. */
  readonly bodyLimit?: number;
}

/** A Fastify app with what every service has: problem documents, request ids, identity, health and metrics. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { log, authenticator, name } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 2_000 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  app.decorateRequest('principal');
  app.decorateRequest('rawBody', '');
  parseJson(app);
  measure(app, options);

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  // After parsing, for a signature covers the body.
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.open === true) return;
    request.principal = authenticator.authenticate({
      headers: request.headers,
      remoteAddress: request.socket.remoteAddress,
      signed: { method: request.method, path: request.url, bodyHash: hashBody(request.rawBody) },
    });
  });

  app.setErrorHandler(async (error, request, reply) => {
    const document = problemDocument(error, request.id);
    if (document.code === 'INTERNAL') {
      log.error({
        event: 'request.failed',
        requestId: request.id,
        method: request.method,
        route: routeOf(request),
        err: error,
      });
    }
    if (document.status === 503) reply.header('retry-after', '1');
    if (document.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer, Basic realm="spine"');
    return await reply.code(document.status).type('application/problem+json').send(document);
  });
  app.setNotFoundHandler({ preValidation: async () => undefined }, async (request, reply) => {
    const methods = (['GET', 'POST', 'PUT', 'DELETE'] as const).filter((method) =>
      app.hasRoute({ method, url: request.url.split('?')[0] ?? '' }),
    );
    const problem =
      methods.length > 0
        ? new Problem('METHOD_NOT_ALLOWED', `${request.method} is not allowed here`, {
            fix: `Use ${methods.join(' or ')}.`,
          })
        : new Problem('NOT_FOUND', `${name} has no ${request.method} ${request.url.split('?')[0]}`);
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    return await reply
      .code(problem.status)
      .type('application/problem+json')
      .send(problemDocument(problem, request.id));
  });

  addHealth(app, options);
  return app;
}

/** JSON with its raw bytes kept, and prototype poisoning refused. */
function parseJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    request.rawBody = body;
    if (body === '') done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}

function measure(app: FastifyInstance, { metrics }: HttpServerOptions): void {
  const duration = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request.',
    labels: ['method', 'route', 'status'],
  });
  app.addHook('onResponse', async (request, reply) => {
    duration.observe(
      { method: request.method, route: routeOf(request), status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown';
}

function addHealth(app: FastifyInstance, { readiness, metrics, log }: HttpServerOptions): void {
  const config = { open: true };
  app.get('/livez', { config }, async () => ({ alive: true }));
  app.get('/readyz', { config }, async (_request, reply) => {
    const checks = await Promise.all(
      Object.entries(readiness).map(async ([check, probe]) => {
        try {
          await probe();
          return { check, ready: true };
        } catch (error) {
          log.warn({ event: 'readiness.failed', check, err: error });
          return { check, ready: false };
        }
      }),
    );
    const ready = checks.every((check) => check.ready);
    return await reply.code(ready ? 200 : 503).send({ ready, checks });
  });
  app.get('/metrics', { config }, async (_request, reply) => {
    return await reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
