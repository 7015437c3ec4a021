// Tells the compiler what our server has beyond Fastify's: `spineLog`.
import '@spine/platform/http/create-http-server';
import { hasRole, requireRole } from '@spine/platform/auth/authorise';
import { challengeOf } from '@spine/platform/http/challenge';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ConfluentError, nothingThere } from '../../domain/confluent/confluent-error.ts';
import type { ReadyAnswers } from '../../read/ready-answers.ts';
import { createCall } from './call.ts';
import { toErrorAnswer } from './error-body.ts';
import { acceptedTypes, chooseMediaType } from './media-type.ts';
import { type AddRoute, type Handler, type Method, methods, type RouteTerms } from './route.ts';

/**
 * Makes a scope of the server speak like Confluent's registry: its media types, its errors, 404 and 405 too. Everything
 * outside of it speaks as before.
 */
export function openConfluentScope(
  app: FastifyInstance,
  ready: ReadyAnswers,
  add: (route: AddRoute) => void,
): void {
  app.register(async (scope) => {
    acceptTheirTypes(scope);
    scope.setErrorHandler((error, request, reply) => {
      fail(app, error, request, reply);
    });
    const known = new Map<string, Set<string>>();
    add((method, path, handler, terms = {}) => {
      const { role, constraints } = terms;
      const answered = rememberingHandler(ready, handler, terms);
      for (const url of urlsOf(path)) {
        scope.route({
          method,
          url,
          bodyLimit,
          // Within a context nobody else is served.
          ...(constraints !== undefined && !url.startsWith('/contexts') && { constraints }),
          handler: async (request, reply) => {
            if (role !== undefined) requireRole(principalOf(request), role);
            await answer(request, reply, answered);
          },
        });
        if (constraints === undefined) known.set(url, (known.get(url) ?? new Set()).add(method));
      }
    });
    for (const [url, served] of known) refuseOthers(scope, url, served);
    for (const root of roots) {
      for (const url of [root, `${root}/*`]) {
        if (!known.has(url))
          scope.route({ method: methodsOf(url), url, handler: () => Promise.reject(nothingThere()) });
      }
    }
  });
}

/** Roots under which every path is theirs: one that there is not gets their answer. */
const roots = [
  '/subjects',
  '/schemas/ids',
  '/schemas/guids',
  '/compatibility',
  '/config',
  '/mode',
  '/contexts',
  '/associations',
  '/v1/metadata',
  '/dek-registry',
  '/exporters',
];

/** A path at the root and in a context. Some clients end it in a slash, which says nothing. */
function urlsOf(path: string): readonly string[] {
  if (path === '/') return [path];
  return [path, `/contexts/:context${path}`].flatMap((url) => [url, `${url}/`]);
}

/** A handler that answers from memory what it was asked before. */
function rememberingHandler(ready: ReadyAnswers, handler: Handler, { remembered }: RouteTerms): Handler {
  if (remembered === undefined) return handler;
  return (call) => {
    const name = remembered(call);
    if (name === undefined) return handler(call);
    return ready.find(name.about, name.key) ?? ready.get(name.about, name.key, async () => handler(call));
  };
}

async function answer(request: FastifyRequest, reply: FastifyReply, handler: Handler): Promise<void> {
  const type = chooseMediaType(request.headers.accept);
  if (type === undefined) throw new ConfluentError(406, 406, 'HTTP 406 Not Acceptable');
  const { params, query, body } = request;
  const principal = principalOf(request);
  const isSteward = hasRole(principal, 'steward');
  const answered = handler(createCall({ params, query, body, by: principal.id, isSteward }));
  const result = Buffer.isBuffer(answered) ? answered : await answered;
  if (result === undefined) {
    reply.code(204).send();
    return;
  }
  reply.type(type);
  // As bytes: to a text Fastify would add a charset, which JSON has not and theirs does not say.
  reply.send(Buffer.isBuffer(result) ? result : Buffer.from(JSON.stringify(result)));
}

function refuseOthers(scope: FastifyInstance, url: string, served: ReadonlySet<string>): void {
  const others = methodsOf(url).filter((method) => !served.has(method));
  if (others.length === 0) return;
  scope.route({
    method: others,
    url,
    handler: (_request, reply) => {
      reply.header('allow', [...served].sort().join(', '));
      throw new ConfluentError(405, 405, 'HTTP 405 Method Not Allowed');
    },
  });
}

/** A publish on our own path to a name that is reserved for theirs is refused there, in our words. */
function methodsOf(url: string): Method[] {
  const isReserved = ['/schemas/ids', '/schemas/guids', '/schemas/types'].includes(url);
  return methods.filter((method) => method !== 'POST' || !isReserved);
}

function acceptTheirTypes(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser([...acceptedTypes], { parseAs: 'string' }, (request, body, done) => {
    // Their clients name a type where they send nothing, too.
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}

function fail(app: FastifyInstance, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body, problem } = toErrorAnswer(error);
  if (status >= 500) {
    const fields = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      err: error,
    };
    // What is away comes back by itself; everything else is for us to look into.
    if (status === 503) app.spineLog.warn({ event: 'http.unavailable', ...fields });
    else app.spineLog.error({ event: 'http.failed', ...fields });
  }
  if (status === 401 && problem !== undefined) {
    reply.header('www-authenticate', challengeOf(problem, request.headers));
  }
  if (status === 503) reply.header('retry-after', '1');
  reply
    .code(status)
    .type(chooseMediaType(request.headers.accept) ?? acceptedTypes[0] ?? '')
    .send(Buffer.from(JSON.stringify(body)));
}

/** Room for the largest schema, escaped, and for what is said about it. */
const bodyLimit = 4 * 1024 * 1024;
