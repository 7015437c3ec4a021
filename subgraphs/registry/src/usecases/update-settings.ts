import { inheritedLevel, type RegisteredVia, type Subject, type SubjectSettings } from '../domain/subject.ts';
import { findSubject, lockSubject, putSubject } from '../store/subjects.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { isUnchanged, newSubject } from './subject-after.ts';

/**
 * Changes what a subject says of itself; what is left out stays, an `ownLevel` of null is inherited again. A subject may be
 * given settings before its first version, then by the door that they came by.
 */
export async function updateSettings(
  { database }: RegistryDeps,
  name: string,
  settings: Partial<SubjectSettings>,
  { by, via = 'spine' }: { readonly by: string; readonly via?: RegisteredVia },
): Promise<Subject> {
  return await database.kysely.transaction().execute(async (trx) => {
    await lockSubject(trx, name);
    const before = await findSubject(trx, name);
    const start = before ?? newSubject(name, via, by);
    const changed = { ...start, ...settings };
    const after = { ...changed, level: changed.ownLevel ?? inheritedLevel(changed.registeredVia) };
    if (before === undefined || !isUnchanged(before, after)) await putSubject(trx, after);
    return after;
  });
}
