import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerOptions } from 'node:http';
import { Problem } from '@spine/kernel/problem';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import type { Authenticator } from '../auth/authenticate.ts';
import type { Log } from '../log/create-log.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import { noTracing, type Tracing } from '../tracing/create-tracing.ts';
import { traceRequests } from '../tracing/trace-requests.ts';
import { createAllowedMethods } from './allowed-methods.ts';
import { challengeOf } from './challenge.ts';
import { answerClientError } from './client-error.ts';
import { createHttpsServer, showsCertificate } from './https-server.ts';
import { problemMediaType, toProblemDocument } from './problem-document.ts';
import { problemOfError } from './problem-of-error.ts';
import { checkReadiness, type Readiness } from './readiness.ts';
import { authenticateRequests } from './request-principal.ts';
import type { TlsOptions } from './tls-files.ts';
import { watchRequests } from './watch-requests.ts';

export interface HttpServerOptions {
  readonly name: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Off unless given. */
  readonly tracing?: Tracing;
  readonly authenticator: Authenticator;
  readonly readiness: Readiness;
  /** Largest body in bytes; 1 MiB by default. A route may set its own. */
  readonly bodyLimit?: number;
  /** Largest headers of a request in bytes; Node's 16 KiB by default. */
  readonly headerLimit?: number;
  /** Serves HTTPS; with a CA to clients who show a certificate of it, and to everyone only what is open to everyone. */
  readonly tls?: TlsOptions | null;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly authenticator: Authenticator;
    readonly spineLog: Log;
    readonly spineTracing: Tracing;
    /** Whether the connection of a request may ask for more than what is open to everyone. */
    readonly admitsPeer: (request: Pick<IncomingMessage, 'socket'>) => boolean;
  }
}

/**
 * A Fastify server that answers every failure as problem+json with a request id and no word about our insides, knows
 * who asks (`request.principal`) and answers `/livez`, `/readyz` and `/metrics` to everyone. It does not listen yet.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const {
    log,
    metrics,
    authenticator,
    readiness,
    bodyLimit = 1_048_576,
    headerLimit,
    tls = null,
    tracing = noTracing,
  } = options;
  const limits = { requestTimeout, ...(headerLimit !== undefined && { maxHeaderSize: headerLimit }) };
  const secured: Pick<FastifyServerOptions, 'serverFactory'> & { readonly http?: ServerOptions } =
    tls === null
      ? { http: limits }
      : { serverFactory: (listener) => createHttpsServer(tls, limits, listener) };
  const app = Fastify({
    logger: false,
    bodyLimit,
    requestTimeout,
    return503OnClosing: false,
    genReqId: (request) => acceptableId(request.headers['x-request-id']) ?? randomUUID(),
    routerOptions: { maxParamLength: 1_024 },
    frameworkErrors: (error, request, reply) => fail(error, request, reply),
    clientErrorHandler: answerClientError,
    ...secured,
  });
  const allowed = createAllowedMethods();
  let closing = false;

  function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOfError(error);
    if (problem.status >= 500) {
      const route = request.is404 ? null : (request.routeOptions.url ?? null);
      const fields = { requestId: request.id, method: request.method, route, err: problem };
      if (problem.code === 'INTERNAL') log.error({ event: 'http.failed', ...fields });
      else log.warn({ event: 'http.unavailable', ...fields });
    }
    if (problem.status === 401) reply.header('www-authenticate', challengeOf(problem, request.headers));
    if (problem.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
    if (problem.status === 429)
      reply.header('retry-after', String(problem.extensions['retryAfterSeconds'] ?? 1));
    reply
      .code(problem.status)
      .header('x-request-id', request.id)
      .type(problemMediaType)
      .send(JSON.stringify(toProblemDocument(problem, request.id)));
  }

  app.decorate('authenticator', authenticator);
  app.decorate('spineLog', log);
  app.decorate('spineTracing', tracing);
  const asksCertificates = tls?.ca !== undefined;
  app.decorate('admitsPeer', (request) => !asksCertificates || showsCertificate(request));
  // Fastify would take text/plain too: a body that any web page may send without asking the browser's leave.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(fail);
  app.setNotFoundHandler((request, reply) => {
    const methods = allowed.of(request.url);
    if (methods.length === 0) {
      return fail(
        new Problem('NOT_FOUND', `there is nothing at ${pathOf(request.url)}`, { fix: 'Check the path.' }),
        request,
        reply,
      );
    }
    reply.header('allow', methods.join(', '));
    return fail(
      new Problem('METHOD_NOT_ALLOWED', `${request.method} is not answered at ${pathOf(request.url)}`, {
        fix: `Use ${methods.join(' or ')}.`,
      }),
      request,
      reply,
    );
  });
  app.addHook('onRoute', (route) => allowed.add(route.method, route.url));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (!closing) return;
    reply.header('connection', 'close');
    if (request.url !== '/livez') throw new Problem('SERVICE_UNAVAILABLE', 'this process is stopping');
  });
  app.addHook('onRequest', async (request) => {
    const open = !request.is404 && request.routeOptions.config.open === true;
    if (open || app.admitsPeer(request.raw)) return;
    throw new Problem('UNAUTHENTICATED', 'the connection shows no certificate of our services', {
      fix: 'Connect with a certificate that the CA of SPINE_TLS_CA signed.',
    });
  });
  app.addHook('preClose', async () => {
    closing = true;
  });
  traceRequests(app, tracing);
  watchRequests(app, metrics, log);
  authenticateRequests(app, authenticator);

  app.get('/livez', { config: { open: true } }, async () => ({ status: 'alive' }));
  app.get('/readyz', { config: { open: true } }, async () => ({
    status: 'ready',
    ...(await checkReadiness(readiness, log)),
  }));
  app.get('/metrics', { config: { open: true } }, async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  return app;
}

const requestTimeout = 60_000;

function acceptableId(id: string | readonly string[] | undefined): string | undefined {
  return typeof id === 'string' && /^[\w.-]{1,64}$/.test(id) ? id : undefined;
}

/** Without the query, which may hold values that belong in no error. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
