import { inheritedLevel, type RegisteredVia, type Subject, type SubjectSettings } from '../domain/subject.ts';
import { findSubject, lockSubject, putSubject } from '../store/subjects.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { assertChangeable } from './scope-terms.ts';
import { isUnchanged, newSubject } from './subject-after.ts';

/** What is left out stays; an `ownLevel` of null is inherited again. */
export type SettingsChange = { readonly [Name in keyof SubjectSettings]?: SubjectSettings[Name] | undefined };

/**
 * Changes what a subject says of itself. A subject may be given settings before its first version; then the door that they
 * came by is its own.
 */
export async function updateSettings(
  { database }: RegistryDeps,
  name: string,
  change: SettingsChange,
  { by, via = 'spine' }: { readonly by: string; readonly via?: RegisteredVia },
): Promise<Subject> {
  return await database.kysely.transaction().execute(async (trx) => {
    await lockSubject(trx, name);
    // Their doors hold a change to the mode themselves, and an import must be able to bring levels along.
    if (via === 'spine') await assertChangeable(trx, name);
    const before = await findSubject(trx, name);
    const start = before ?? newSubject(name, via, by);
    const ownLevel = change.ownLevel === undefined ? start.ownLevel : change.ownLevel;
    const after: Subject = {
      ...start,
      ownLevel,
      level: ownLevel ?? inheritedLevel(start.registeredVia),
      profile: change.profile ?? start.profile,
      axes: change.axes ?? start.axes,
      policy: change.policy ?? start.policy,
      lint: change.lint ?? start.lint,
      owner: change.owner ?? start.owner,
    };
    if (before === undefined || !isUnchanged(before, after)) await putSubject(trx, after);
    return after;
  });
}
