import { type LoggedVersion, listLoggedVersions } from '../store/changelog.ts';
import { getSubject } from './get-subject.ts';
import type { ReadDeps } from './registry-deps.ts';

/**
 * Up to `limit` versions of a subject with the changes that each brought, newest first, before the position `before`; deleted
 * and rolled back ones, too: they are part of what happened. Throws SUBJECT_NOT_FOUND.
 */
export async function listChangelog(
  deps: ReadDeps,
  subject: string,
  page: { readonly before: number | undefined; readonly limit: number },
): Promise<readonly LoggedVersion[]> {
  await getSubject(deps, subject, { deleted: true });
  return await listLoggedVersions(deps.database.kysely, subject, page);
}
