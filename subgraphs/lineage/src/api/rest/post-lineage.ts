import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { decodeBody, maxBodyBytes } from '../../formats/decode-body.ts';
import { parseEvent } from '../../formats/parse-event.ts';
import type { CheckFacet } from '../../formats/parse-facets.ts';
import type { Ingest } from '../../usecases/create-ingest.ts';

/**
 * Adds `POST /api/v1/lineage`, the endpoint of every OpenLineage client: one event, plain or gzip, sized or chunked. 201
 * without a body once the event is durable, also when it was known. Overload is 503 with Retry-After, never 429, which some
 * clients take as final; 413 comes without Retry-After, or they would send it again.
 */
export function addPostLineage(
  app: FastifyInstance,
  deps: { readonly ingest: Pick<Ingest, 'ingest'>; readonly checkFacet: CheckFacet },
): void {
  void app.register(async (scope) => {
    // The bytes as they came: they may be compressed, and JSON is read after the caller is known.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
      if (isJson(request.headers['content-type'])) done(null, body);
      else done(new Problem('UNSUPPORTED_MEDIA_TYPE', 'an event is JSON', { fix: 'send application/json' }));
    });
    scope.post('/api/v1/lineage', { bodyLimit: maxBodyBytes }, async (request, reply) => {
      requireRole(principalOf(request), 'service', 'publisher', 'operator');
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const event = parseEvent(await decodeBody(body, request.headers['content-encoding']), deps.checkFacet);
      await deps.ingest.ingest(event);
      return await reply.code(201).send();
    });
  });
}

function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/(\S+\+)?json\s*(;|$)/i.test(contentType.trim());
}
