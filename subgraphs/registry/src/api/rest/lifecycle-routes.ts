import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formatSemver } from '../../domain/semver.ts';
import { type DeleteOutcome, deleteSubject, deleteVersion, inUse } from '../../usecases/delete-versions.ts';
import { deprecateVersion } from '../../usecases/deprecate-version.ts';
import { subjectNotFound } from '../../usecases/get-subject.ts';
import { getVersion } from '../../usecases/get-version.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { rollbackProblem, rollbackSubject } from '../../usecases/rollback-subject.ts';
import { plainText } from '../schema-input.ts';
import { parseInput } from './parse-input.ts';
import { flag, subjectOf, versionOf } from './path-params.ts';
import { toVersionEntry } from './version-document.ts';

const rollbackShape = z.strictObject({
  /** A position may come as a number. */
  to: z.union([z.string(), z.int().positive()]).transform(String),
  reason: plainText.min(1).optional(),
  approver: plainText.min(1).optional(),
  force: z.boolean().optional(),
});
const deprecationShape = z.strictObject({
  /** A day counts from its beginning, in UTC. */
  sunset: z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional(),
  note: plainText.min(1).optional(),
});
const deleteQuery = z.strictObject({ permanent: flag.optional() });

/** What becomes of versions. A publisher may deprecate; to roll back or delete takes a steward. */
export function addLifecycleRoutes(app: FastifyInstance, deps: RegistryDeps): void {
  app.post('/schemas/:subject/rollback', async (request) => {
    const principal = principalOf(request);
    requireRole(principal, 'steward');
    const wish = {
      subject: subjectOf(request),
      ...parseInput(rollbackShape, request.body),
      by: principal.id,
    };
    const outcome = await rollbackSubject(deps, wish);
    if (outcome.kind === 'unreadable') throw rollbackProblem(wish, outcome.report);
    return {
      subject: wish.subject,
      latest: toVersionEntry(outcome.latest),
      rolledBack: outcome.rolledBack.map(toVersionEntry),
      report: outcome.report,
    };
  });

  app.put('/schemas/:subject/versions/:version/deprecation', async (request) => {
    requireRole(principalOf(request), 'publisher', 'steward');
    const { subject, version } = versionOf(request);
    const { sunset, note } = parseInput(deprecationShape, request.body ?? {});
    const deprecation = { sunset: sunset === undefined ? null : new Date(sunset), note: note ?? null };
    return toVersionEntry(await deprecateVersion(deps, subject, version, deprecation));
  });

  app.delete('/schemas/:subject/versions/:version/deprecation', async (request) => {
    requireRole(principalOf(request), 'publisher', 'steward');
    const { subject, version } = versionOf(request);
    return toVersionEntry(await deprecateVersion(deps, subject, version, null));
  });

  app.delete('/schemas/:subject/versions/:version', async (request) => {
    requireRole(principalOf(request), 'steward');
    const { subject, version: name } = versionOf(request);
    const { permanent = false } = parseInput(deleteQuery, request.query);
    const { version } = await getVersion(deps, subject, name, { deleted: true });
    return toDeleteAnswer(subject, await deleteVersion(deps, subject, version, { permanent }), permanent);
  });

  app.delete('/schemas/:subject', async (request) => {
    requireRole(principalOf(request), 'steward');
    const subject = subjectOf(request);
    const { permanent = false } = parseInput(deleteQuery, request.query);
    return toDeleteAnswer(subject, await deleteSubject(deps, subject, { permanent }), permanent);
  });
}

function toDeleteAnswer(subject: string, outcome: DeleteOutcome, permanent: boolean) {
  switch (outcome.kind) {
    case 'deleted':
      return {
        subject,
        permanent,
        versions: outcome.versions.map(({ version, semver }) => ({ version, semver: formatSemver(semver) })),
      };
    case 'not_found':
      throw subjectNotFound(subject);
    case 'already_deleted':
      throw new Problem('CONFLICT', `that of ${subject} is deleted already`, {
        fix: 'remove it for good with ?permanent=true',
      });
    case 'still_live':
      throw new Problem('CONFLICT', `that of ${subject} is not deleted yet, and cannot be removed for good`, {
        fix: 'delete it first, without ?permanent=true',
      });
    case 'referenced':
      throw inUse(subject, outcome.by);
  }
}
