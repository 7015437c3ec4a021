import type { SubjectVersion } from '../domain/subject-version.ts';
import { lockSubject } from '../store/subjects.ts';
import { putDeprecation } from '../store/version-states.ts';
import { announce } from './announce.ts';
import { getVersion } from './get-version.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { assertChangeable } from './scope-terms.ts';

/**
 * Says that a version should no longer be used and when it is to be gone, or with null takes that back. It stays readable and,
 * if it is the latest, the latest. Throws SUBJECT_NOT_FOUND, VERSION_NOT_FOUND, INPUT_INVALID, CONFLICT by the mode of the subject.
 */
export async function deprecateVersion(
  { database }: RegistryDeps,
  subject: string,
  name: string,
  deprecation: { readonly sunset: Date | null; readonly note: string | null } | null,
): Promise<SubjectVersion> {
  return await database.kysely.transaction().execute(async (trx) => {
    await lockSubject(trx, subject);
    await assertChangeable(trx, subject);
    const here = { database: { kysely: trx } };
    const { version } = await getVersion(here, subject, name);
    await putDeprecation(trx, subject, version, deprecation);
    const changed = await getVersion(here, subject, String(version));
    await announce(trx, deprecation === null ? 'undeprecated' : 'deprecated', [changed]);
    return changed;
  });
}
