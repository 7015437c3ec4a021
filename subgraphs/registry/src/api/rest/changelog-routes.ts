import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { renderChangelogMarkdown } from '../../domain/changelog/render-markdown.ts';
import type { LoggedVersion } from '../../store/changelog.ts';
import { diffVersions } from '../../usecases/diff-versions.ts';
import { listChangelog } from '../../usecases/list-changelog.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { nextCursor, pageQuery, positionPage } from './page-query.ts';
import { parseInput } from './parse-input.ts';
import { subjectOf } from './path-params.ts';
import { toVersionEntry } from './version-document.ts';

const changelogQuery = z.strictObject({ ...pageQuery, format: z.enum(['json', 'markdown']).optional() });
const diffQuery = z.strictObject({ from: z.string(), to: z.string().default('latest') });

/** What changed from version to version (R8). */
export function addChangelogRoutes(app: FastifyInstance, deps: RegistryDeps): void {
  app.get('/schemas/:subject/changelog', async (request, reply) => {
    const subject = subjectOf(request);
    const { format, ...query } = parseInput(changelogQuery, request.query);
    const { before, limit, size } = positionPage(query);
    const rows = await listChangelog(deps, subject, { before, limit });
    reply.header('vary', 'accept');
    if (format === 'markdown' || (format === undefined && prefersMarkdown(request.headers.accept))) {
      reply.type('text/markdown; charset=utf-8');
      return renderChangelogMarkdown(
        rows.slice(0, size).map(({ version, diff }) => ({
          version,
          changes: diff,
          affected: version.report.affected,
        })),
      );
    }
    const entries = rows.slice(0, size).map(toChangelogEntry);
    return { subject, entries, next: nextCursor(rows.length > size, entries.at(-1)?.version) };
  });

  app.get('/schemas/:subject/diff', async (request) => {
    const subject = subjectOf(request);
    const { from, to, changes } = await diffVersions(deps, subject, parseInput(diffQuery, request.query));
    return { subject, from: toVersionEntry(from), to: toVersionEntry(to), changes };
  });
}

/** Only where nothing but Markdown is asked for by name: a browser takes everything, and means the data. */
function prefersMarkdown(accept = ''): boolean {
  return accept.includes('text/markdown') && !accept.includes('application/json');
}

function toChangelogEntry({ version, diff }: LoggedVersion) {
  return { ...toVersionEntry(version), changes: diff, affected: version.report.affected };
}
