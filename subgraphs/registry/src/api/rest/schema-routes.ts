import { hasRole, requireRole } from '@spine/platform/auth/authorise';
import { encodeKeyset, pageArgs } from '@spine/platform/graphql/connection';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listVersions } from '../../store/versions.ts';
import { checkSchema } from '../../usecases/check-schema.ts';
import { getSubject } from '../../usecases/get-subject.ts';
import { getVersion } from '../../usecases/get-version.ts';
import { listSubjectsWithLatest } from '../../usecases/list-subjects.ts';
import { publishSchema } from '../../usecases/publish-schema.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { schemaText } from '../../usecases/schema-text.ts';
import { toCheckResult } from '../check-result.ts';
import { refusalProblem } from '../refusal.ts';
import { schemaInputShape, toSchemaRequest } from '../schema-input.ts';
import { toPublishAnswer, toSubjectEntry, toVersionDocument, toVersionEntry } from './version-document.ts';

const subjectParams = z.object({ subject: z.string() });
const versionParams = subjectParams.extend({ version: z.string() });
const pageQuery = z.object({ first: z.coerce.number().optional(), after: z.string().optional() });

/** The REST API of schemas (schema/openapi/registry.yaml). Whoever is known may read; publishing needs the role publisher. */
export function addSchemaRoutes(app: FastifyInstance, deps: RegistryDeps): void {
  app.get('/schemas', async (request) => {
    const { first, after } = parseBody(pageQuery, request.query);
    const page = pageArgs(first, after);
    const rows = await listSubjectsWithLatest(deps, { after: page.after?.[0], limit: page.limit });
    const subjects = rows.slice(0, page.size).map(({ subject, latest }) => toSubjectEntry(subject, latest));
    return { subjects, next: nextCursor(rows.length > page.size, subjects.at(-1)?.name) };
  });

  app.get('/schemas/:subject', async (request) => {
    const { subject: name } = parseBody(subjectParams, request.params);
    const subject = await getSubject(deps, name);
    const latest = await getVersion(deps, name, 'latest');
    const document = toVersionDocument(latest, await schemaText(deps, latest.schemaId));
    return { ...toSubjectEntry(subject, latest), latest: document };
  });

  app.get('/schemas/:subject/versions', async (request) => {
    const { subject } = parseBody(subjectParams, request.params);
    const { first, after } = parseBody(pageQuery, request.query);
    const page = pageArgs(first, after);
    await getSubject(deps, subject);
    const rows = await listVersions(deps.database.kysely, subject, {
      before: positionOf(page.after?.[0]),
      limit: page.limit,
    });
    const versions = rows.slice(0, page.size).map(toVersionEntry);
    return { versions, next: nextCursor(rows.length > page.size, versions.at(-1)?.version) };
  });

  app.get('/schemas/:subject/versions/:version', async (request) => {
    const { subject, version: name } = parseBody(versionParams, request.params);
    const version = await getVersion(deps, subject, name);
    return toVersionDocument(version, await schemaText(deps, version.schemaId));
  });

  app.post('/schemas/:subject', async (request, reply) => {
    requireRole(principalOf(request), 'publisher');
    const { subject } = parseBody(subjectParams, request.params);
    const outcome = await publishSchema(deps, {
      ...toSchemaRequest(subject, parseBody(schemaInputShape, request.body)),
      publishedBy: principalOf(request).id,
      mayChangeLevel: hasRole(principalOf(request), 'steward'),
    });
    switch (outcome.kind) {
      case 'published':
      case 'known':
        reply.code(outcome.kind === 'published' ? 201 : 200);
        return toPublishAnswer(outcome.version);
      default:
        throw refusalProblem(subject, outcome);
    }
  });

  app.post('/schemas/:subject/check', async (request) => {
    const { subject } = parseBody(subjectParams, request.params);
    const input = parseBody(schemaInputShape, request.body);
    const result = toCheckResult(await checkSchema(deps, toSchemaRequest(subject, input)));
    return { subject, ...result, known: result.known?.version ?? null };
  });
}

function nextCursor(hasMore: boolean, last: string | number | undefined): string | null {
  return hasMore && last !== undefined ? encodeKeyset([String(last)]) : null;
}

/** The position behind which a page begins; one that is no number lies before everything, as a foreign cursor should. */
function positionOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const position = Number(text);
  return Number.isSafeInteger(position) && position < 2 ** 31 ? position : 0;
}
