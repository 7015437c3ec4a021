import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { LoggedVersion } from '../../store/changelog.ts';
import { diffVersions } from '../../usecases/diff-versions.ts';
import { listChangelog } from '../../usecases/list-changelog.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { nextCursor, pageQuery, positionPage } from './page-query.ts';
import { parseInput } from './parse-input.ts';
import { subjectOf } from './path-params.ts';
import { toVersionEntry } from './version-document.ts';

const changelogQuery = z.strictObject(pageQuery);
const diffQuery = z.strictObject({ from: z.string(), to: z.string().default('latest') });

/** What changed from version to version (R8). */
export function addChangelogRoutes(app: FastifyInstance, deps: RegistryDeps): void {
  app.get('/schemas/:subject/changelog', async (request) => {
    const subject = subjectOf(request);
    const { before, limit, size } = positionPage(parseInput(changelogQuery, request.query));
    const rows = await listChangelog(deps, subject, { before, limit });
    const entries = rows.slice(0, size).map(toChangelogEntry);
    return { subject, entries, next: nextCursor(rows.length > size, entries.at(-1)?.version) };
  });

  app.get('/schemas/:subject/diff', async (request) => {
    const subject = subjectOf(request);
    const { from, to, changes } = await diffVersions(deps, subject, parseInput(diffQuery, request.query));
    return { subject, from: toVersionEntry(from), to: toVersionEntry(to), changes };
  });
}

function toChangelogEntry({ version, diff }: LoggedVersion) {
  return { ...toVersionEntry(version), changes: diff, affected: version.report.affected };
}
