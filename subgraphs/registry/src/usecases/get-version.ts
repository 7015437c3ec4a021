import { Problem } from '@spine/kernel/problem';
import { parseSemver } from '../domain/semver.ts';
import { isLive, type SubjectVersion } from '../domain/subject-version.ts';
import { findVersionBySemver, latestVersions, listVersionsByKey } from '../store/versions.ts';
import { getSubject } from './get-subject.ts';
import type { ReadDeps } from './registry-deps.ts';

/**
 * The version that `latest`, a position or a semver names: a live one, unless deleted ones are asked for, too. Throws
 * SUBJECT_NOT_FOUND, VERSION_NOT_FOUND, INPUT_INVALID.
 */
export async function getVersion(
  deps: ReadDeps,
  subject: string,
  name: string,
  { deleted = false }: { readonly deleted?: boolean | undefined } = {},
): Promise<SubjectVersion> {
  const version = await findVersion(deps, subject, name);
  if (version !== undefined && (deleted || isLive(version))) return version;
  await getSubject(deps, subject, { deleted });
  throw new Problem('VERSION_NOT_FOUND', `${JSON.stringify(subject)} has no version ${name}`, {
    fix: 'list the versions with GET /schemas/{subject}/versions',
  });
}

/** The version that a name means, whatever became of it; undefined if there is none. */
export async function findVersion(
  { database }: ReadDeps,
  subject: string,
  name: string,
): Promise<SubjectVersion | undefined> {
  const db = database.kysely;
  if (name === 'latest') return (await latestVersions(db, [subject]))[0];
  if (/^[1-9]\d{0,8}$/.test(name)) {
    return (await listVersionsByKey(db, [{ subject, version: Number(name) }]))[0];
  }
  return await findVersionBySemver(db, subject, parseSemver(name));
}
