import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isOriginAllowed } from '../transports/origin.ts';

export interface HardeningOptions {
  /** Origins of browser pages that may ask, besides the gateway's own. */
  readonly allowedOrigins: readonly string[];
  readonly urlBytes: number;
}

/**
 * What every answer of the gateway says and every request keeps, whatever its route: headers that browsers obey, a bound on
 * the URL, UTF-8 bodies, and pages of other sites only by name (CORS). A page sets its own, wider policy of content.
 */
export function hardenHttp(app: FastifyInstance, { allowedOrigins, urlBytes }: HardeningOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    tellBrowsers(request, reply);
    const length = request.raw.url?.length ?? 0;
    if (length > urlBytes) {
      throw new Problem('URI_TOO_LONG', `the URL has ${length} bytes; the limit is ${urlBytes}`, {
        fix: 'Send the operation by POST.',
        extensions: { limit: 'urlBytes', measure: length, most: urlBytes },
      });
    }
    assertOrigin(request, reply, allowedOrigins);
    assertContentType(request);
  });

  // A browser asks before it sends anything that a plain form could not.
  app.options('/graphql', { config: { open: true } }, async (_request, reply) =>
    reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', askedHeaders)
      .header('access-control-max-age', '600')
      .send(),
  );
}

const askedHeaders = [
  'authorization',
  'content-type',
  'accept',
  'last-event-id',
  'apollo-require-preflight',
  'x-request-id',
  'traceparent',
  'tracestate',
  'spine-cost',
  'spine-query-plan',
].join(', ');

const toldHeaders = 'x-request-id, retry-after';

function tellBrowsers({ protocol }: FastifyRequest, reply: FastifyReply): void {
  reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    // Answers are for who asked; what may be kept says so by itself.
    .header('cache-control', 'no-store')
    .header('x-frame-options', 'DENY')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  if (protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000');
}

/** Credentials are never allowed: whoever asks from another site sends its token by itself. */
function assertOrigin(request: FastifyRequest, reply: FastifyReply, allowed: readonly string[]): void {
  const { origin, host } = request.headers;
  if (allowed.length > 0) reply.header('vary', 'origin');
  if (origin === undefined) return;
  if (allowed.includes(origin)) {
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', toldHeaders);
    return;
  }
  const open = request.is404 || request.routeOptions.config.open === true;
  if (isOriginAllowed({ origin, host }, allowed) || (open && request.method !== 'OPTIONS')) return;
  throw new Problem('FORBIDDEN', 'pages of this origin may not ask here', {
    fix: 'Add the origin to SPINE_GATEWAY_ORIGINS.',
  });
}

/** A body in another encoding would be read as something else than its sender wrote. */
function assertContentType({ method, headers }: FastifyRequest): void {
  const given = headers['content-type'];
  if (given === undefined) return;
  const [essence = '', ...parameters] = given.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (method === 'GET' && essence !== 'application/json') {
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'a GET has no body, and no content type but JSON', {
      fix: 'Leave the content type out.',
    });
  }
  if (charset === undefined || ['utf-8', 'utf8'].includes(charset.replaceAll('"', ''))) return;
  throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'the charset of the body is not accepted here', {
    fix: 'Send UTF-8.',
  });
}
