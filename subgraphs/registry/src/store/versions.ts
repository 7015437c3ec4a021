import { dataClasses } from '@spine/kernel/data-class';
import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { directions } from '../domain/check-report.ts';
import { compatibilityLevels } from '../domain/compatibility-level.ts';
import { incompatibilityKinds } from '../domain/incompatibility.ts';
import { schemaTypes } from '../domain/schema-type.ts';
import { bumps, type Semver } from '../domain/semver.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** Stores a version; its position and semver must be free. */
export async function insertVersion(
  db: Db,
  version: Omit<SubjectVersion, 'publishedAt'>,
): Promise<SubjectVersion> {
  const { published_at: publishedAt } = await db
    .insertInto('subject_version')
    .values({
      subject: version.subject,
      version: version.version,
      schema_id: version.schemaId,
      ...version.semver,
      bump: version.bump,
      tags: JSON.stringify(version.tags),
      data_class: version.dataClass ?? null,
      metadata: JSON.stringify(version.metadata),
      report: JSON.stringify(version.report),
      published_by: version.publishedBy,
    })
    .returning('published_at')
    .executeTakeFirstOrThrow();
  return { ...version, publishedAt };
}

/** All versions of a subject, oldest first. */
export async function listAllVersions(db: Db, subject: string): Promise<readonly SubjectVersion[]> {
  const rows = await versions(db).where('v.subject', '=', subject).orderBy('v.version').execute();
  return rows.map(toVersion);
}

/** Up to `limit` versions of a subject, newest first, before the position `before`. */
export async function listVersions(
  db: Db,
  subject: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<readonly SubjectVersion[]> {
  const rows = await versions(db)
    .where('v.subject', '=', subject)
    .$if(before !== undefined, (query) => query.where('v.version', '<', before ?? 0))
    .orderBy('v.version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toVersion);
}

/** The newest `limit` versions of each subject, newest first. */
export async function newestVersions(
  db: Db,
  subjects: readonly string[],
  limit: number,
): Promise<readonly SubjectVersion[]> {
  const rows = await versions(db)
    .where(
      sql<boolean>`(v.subject, v.version) in (
        select newest.subject, newest.version
        from unnest(${subjects}::text[]) as asked (name)
        cross join lateral (
          select n.subject, n.version from subject_version n
          where n.subject = asked.name order by n.version desc limit ${limit}
        ) newest)`,
    )
    .orderBy('v.subject')
    .orderBy('v.version', 'desc')
    .execute();
  return rows.map(toVersion);
}

/** The greatest version by semver of each of the subjects. */
export async function latestVersions(
  db: Db,
  subjects: readonly string[],
): Promise<readonly SubjectVersion[]> {
  const rows = await versions(db)
    .where(
      sql<boolean>`(v.subject, v.version) in (
        select latest.subject, latest.version
        from unnest(${subjects}::text[]) as asked (name)
        cross join lateral (
          select n.subject, n.version from subject_version n
          where n.subject = asked.name order by n.major desc, n.minor desc, n.patch desc limit 1
        ) latest)`,
    )
    .execute();
  return rows.map(toVersion);
}

/** Those of the named versions that exist. */
export async function listVersionsByKey(
  db: Db,
  keys: readonly { readonly subject: string; readonly version: number }[],
): Promise<readonly SubjectVersion[]> {
  const subjects = keys.map((key) => key.subject);
  const positions = keys.map((key) => key.version);
  const rows = await versions(db)
    .where(
      sql<boolean>`(v.subject, v.version) in (select * from unnest(${subjects}::text[], ${positions}::int[]))`,
    )
    .execute();
  return rows.map(toVersion);
}

/** The version of a semver, or undefined. */
export async function findVersionBySemver(
  db: Db,
  subject: string,
  semver: Semver,
): Promise<SubjectVersion | undefined> {
  const row = await versions(db)
    .where('v.subject', '=', subject)
    .where('v.major', '=', semver.major)
    .where('v.minor', '=', semver.minor)
    .where('v.patch', '=', semver.patch)
    .executeTakeFirst();
  return row === undefined ? undefined : toVersion(row);
}

/** The newest version of a subject that carries this content, or undefined. */
export async function findVersionByDigest(
  db: Db,
  subject: string,
  digest: string,
): Promise<SubjectVersion | undefined> {
  const row = await versions(db)
    .where('v.subject', '=', subject)
    .where('s.digest', '=', digest)
    .orderBy('v.version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toVersion(row);
}

function versions(db: Db) {
  return db
    .selectFrom('subject_version as v')
    .innerJoin('schema as s', 's.id', 'v.schema_id')
    .select([
      'v.subject',
      'v.version',
      'v.schema_id',
      'v.major',
      'v.minor',
      'v.patch',
      'v.bump',
      'v.tags',
      'v.data_class',
      'v.metadata',
      'v.report',
      'v.published_by',
      'v.published_at',
      's.schema_type',
      's.digest',
      's.fingerprint',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof versions>['executeTakeFirstOrThrow']>>;

const storedShape = z.object({
  bump: z.enum(bumps),
  schemaType: z.enum(schemaTypes),
  tags: z.record(z.string(), z.array(z.string())),
  dataClass: z.enum(dataClasses).nullable(),
  metadata: z.record(z.string(), z.string()),
  report: z.object({
    level: z.enum(compatibilityLevels),
    compatible: z.boolean(),
    backward: z.boolean(),
    forward: z.boolean(),
    bump: z.enum(bumps),
    incompatibilities: z.array(
      z.object({
        direction: z.enum(directions),
        kind: z.enum(incompatibilityKinds),
        path: z.string(),
        message: z.string(),
        versions: z.array(z.number()),
      }),
    ),
  }),
});

function toVersion(row: Row): SubjectVersion {
  const { dataClass, ...stored } = storedShape.parse({
    bump: row.bump,
    schemaType: row.schema_type,
    tags: row.tags,
    dataClass: row.data_class,
    metadata: row.metadata,
    report: row.report,
  });
  return {
    subject: row.subject,
    version: row.version,
    semver: { major: row.major, minor: row.minor, patch: row.patch },
    schemaId: row.schema_id,
    digest: row.digest,
    fingerprint: row.fingerprint,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
    ...stored,
    ...(dataClass !== null && { dataClass }),
  };
}
