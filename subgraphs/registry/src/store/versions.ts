import { type Kysely, sql, type Transaction } from 'kysely';
import type { Semver } from '../domain/semver.ts';
import type { SubjectVersion, VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from './registry-tables.ts';
import { live, selectHeads, selectVersions, toHead, toVersion } from './version-rows.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** All versions of a subject, oldest first, whatever became of them. */
export async function listHeads(db: Db, subject: string): Promise<readonly VersionHead[]> {
  const rows = await selectHeads(db).where('v.subject', '=', subject).orderBy('v.version').execute();
  return rows.map(toHead);
}

/** Those of the named versions that exist, whatever became of them. */
export async function listHeadsByKey(
  db: Db,
  keys: readonly { readonly subject: string; readonly version: number }[],
): Promise<readonly VersionHead[]> {
  if (keys.length === 0) return [];
  const rows = await selectHeads(db).where(isOneOf(keys)).execute();
  return rows.map(toHead);
}

/** Up to `limit` versions of a subject, newest first, before the position `before`; live ones unless all are asked for. */
export async function listVersions(
  db: Db,
  subject: string,
  {
    before,
    limit,
    deleted = false,
  }: { readonly before: number | undefined; readonly limit: number; readonly deleted?: boolean },
): Promise<readonly SubjectVersion[]> {
  const rows = await selectVersions(db)
    .where('v.subject', '=', subject)
    .$if(!deleted, (query) => query.where(live))
    .$if(before !== undefined, (query) => query.where('v.version', '<', before ?? 0))
    .orderBy('v.version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toVersion);
}

/** The newest `limit` live versions of each subject, newest first. */
export async function newestVersions(
  db: Db,
  subjects: readonly string[],
  limit: number,
): Promise<readonly SubjectVersion[]> {
  const rows = await selectVersions(db)
    .where(
      sql<boolean>`(v.subject, v.version) in (
        select newest.subject, newest.version
        from unnest(${subjects}::text[]) as asked (name)
        cross join lateral (
          select n.subject, n.version from subject_version n
          left join version_state d on d.subject = n.subject and d.version = n.version
          where n.subject = asked.name and d.deleted_at is null
          order by n.version desc limit ${limit}
        ) newest)`,
    )
    .orderBy('v.subject')
    .orderBy('v.version', 'desc')
    .execute();
  return rows.map(toVersion);
}

/** The greatest live release of each of the subjects: a pre-release is nobody's latest. */
export async function latestVersions(
  db: Db,
  subjects: readonly string[],
): Promise<readonly SubjectVersion[]> {
  if (subjects.length === 0) return [];
  const rows = await selectVersions(db)
    .where(
      sql<boolean>`(v.subject, v.version) in (
        select latest.subject, latest.version
        from unnest(${subjects}::text[]) as asked (name)
        cross join lateral (
          select n.subject, n.version from subject_version n
          left join version_state d on d.subject = n.subject and d.version = n.version
          where n.subject = asked.name and n.prerelease = '' and d.deleted_at is null
          order by n.major desc, n.minor desc, n.patch desc limit 1
        ) latest)`,
    )
    .execute();
  return rows.map(toVersion);
}

/** Those of the named versions that exist, whatever became of them. */
export async function listVersionsByKey(
  db: Db,
  keys: readonly { readonly subject: string; readonly version: number }[],
): Promise<readonly SubjectVersion[]> {
  if (keys.length === 0) return [];
  const rows = await selectVersions(db).where(isOneOf(keys)).execute();
  return rows.map(toVersion);
}

/** The version of a semver, whatever became of it, or undefined. */
export async function findVersionBySemver(
  db: Db,
  subject: string,
  semver: Semver,
): Promise<SubjectVersion | undefined> {
  const row = await selectVersions(db)
    .where('v.subject', '=', subject)
    .where('v.major', '=', semver.major)
    .where('v.minor', '=', semver.minor)
    .where('v.patch', '=', semver.patch)
    .where('v.prerelease', '=', semver.prerelease ?? '')
    .executeTakeFirst();
  return row === undefined ? undefined : toVersion(row);
}

function isOneOf(keys: readonly { readonly subject: string; readonly version: number }[]) {
  const subjects = keys.map((key) => key.subject);
  const positions = keys.map((key) => key.version);
  return sql<boolean>`(v.subject, v.version) in (select * from unnest(${subjects}::text[], ${positions}::int[]))`;
}
