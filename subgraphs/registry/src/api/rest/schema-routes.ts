import { hasRole, requireRole } from '@spine/platform/auth/authorise';
import { pageArgs } from '@spine/platform/graphql/connection';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { policies, profiles } from '../../domain/check-rules.ts';
import { subjectOf as aboutSubject, type ReadyAnswers } from '../../read/ready-answers.ts';
import { readToken } from '../../store/subject-state.ts';
import { listVersions } from '../../store/versions.ts';
import { getSubject } from '../../usecases/get-subject.ts';
import { findVersion, getVersion } from '../../usecases/get-version.ts';
import { listSubjectsWithLatest } from '../../usecases/list-subjects.ts';
import { checkInScope, publishInScope } from '../../usecases/publish-in-scope.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { schemaText } from '../../usecases/schema-text.ts';
import { findScopeTerms, levelGiven, levelsInForce, type ScopeTerms } from '../../usecases/scope-terms.ts';
import { toCheckResult } from '../check-result.ts';
import { refusalProblem } from '../refusal.ts';
import { schemaInputShape, toSchemaRequest } from '../schema-input.ts';
import { deprecationHeaders } from './deprecation-headers.ts';
import { nextCursor, pageQuery, positionPage } from './page-query.ts';
import { parseInput } from './parse-input.ts';
import { flag, subjectOf, versionOf } from './path-params.ts';
import { toPublishAnswer, toSubjectEntry, toVersionDocument, toVersionEntry } from './version-document.ts';

/** Rules for one check, in place of the subject's. */
const rulesQuery = z.strictObject({
  profile: z.enum(profiles).optional(),
  policy: z.enum(policies).optional(),
});
const deletedQuery = z.strictObject({ deleted: flag.optional() });

/** The REST API of schemas (schema/openapi/registry.yaml). Whoever is known may read; publishing needs the role publisher. */
export function addSchemaRoutes(app: FastifyInstance, deps: RegistryDeps, ready: ReadyAnswers): void {
  app.get('/schemas', async (request) => {
    const { first, after } = parseBody(z.object(pageQuery), request.query);
    const page = pageArgs(first, after);
    const rows = await listSubjectsWithLatest(deps, { after: page.after?.[0], limit: page.limit });
    const shown = rows.slice(0, page.size);
    const levels = await levelsInForce(
      deps.database.kysely,
      shown.map(({ subject }) => subject),
    );
    const subjects = shown.map(({ subject, latest }, index) =>
      toSubjectEntry({ ...subject, level: levels[index] ?? subject.level }, latest),
    );
    return { subjects, next: nextCursor(rows.length > page.size, subjects.at(-1)?.name) };
  });

  app.get('/schemas/:subject', async (request, reply) => {
    const name = subjectOf(request);
    const { deleted = false } = parseInput(deletedQuery, request.query);
    // Most who ask are told what was told before: whether it still holds is all that is read.
    const about = aboutSubject(name);
    const db = deps.database.kysely;
    const [token, terms] = await Promise.all([readToken(db, name), findScopeTerms(db, name)]);
    const key = `${token} ${terms.level} ${deleted}`;
    const known = ready.find(about, key);
    if (known === undefined) ready.forget(about);
    const answer = known ?? (await ready.get(about, key, () => describeSubject(deps, name, terms, deleted)));
    return await reply.type('application/json; charset=utf-8').send(answer);
  });

  app.get('/schemas/:subject/versions', async (request) => {
    const subject = subjectOf(request);
    const query = parseInput(deletedQuery.extend(pageQuery), request.query);
    const { before, limit, size } = positionPage(query);
    const { deleted = false } = query;
    await getSubject(deps, subject, { deleted });
    const rows = await listVersions(deps.database.kysely, subject, { before, limit, deleted });
    const versions = rows.slice(0, size).map(toVersionEntry);
    return { versions, next: nextCursor(rows.length > size, versions.at(-1)?.version) };
  });

  app.get('/schemas/:subject/versions/:version', async (request, reply) => {
    const { subject, version: name } = versionOf(request);
    const version = await getVersion(deps, subject, name, parseInput(deletedQuery, request.query));
    reply.headers(deprecationHeaders(version.state));
    return toVersionDocument(version, await schemaText(deps, version.schemaId));
  });

  app.post('/schemas/:subject', async (request, reply) => {
    const principal = principalOf(request);
    requireRole(principal, 'publisher');
    const subject = subjectOf(request);
    const rules = parseInput(rulesQuery, request.query);
    const outcome = await publishInScope(deps, {
      ...toSchemaRequest(subject, parseInput(schemaInputShape, request.body)),
      rules,
      publishedBy: principal.id,
      mayChangeLevel: hasRole(principal, 'steward'),
      isReviewed: true,
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
    const subject = subjectOf(request);
    const rules = parseInput(rulesQuery, request.query);
    const input = parseInput(schemaInputShape, request.body);
    const result = toCheckResult(
      await checkInScope(deps, { ...toSchemaRequest(subject, input), rules, isReviewed: true }),
    );
    return { subject, ...result, known: result.known?.version ?? null };
  });
}

async function describeSubject(deps: RegistryDeps, name: string, terms: ScopeTerms, deleted: boolean) {
  const subject = await getSubject(deps, name, { deleted });
  const level = levelGiven(subject, terms);
  const latest = await findVersion(deps, name, 'latest');
  const document =
    latest === undefined ? null : toVersionDocument(latest, await schemaText(deps, latest.schemaId));
  return { ...toSubjectEntry({ ...subject, level }, latest), latest: document };
}
