import { type Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { SchemaReference } from '../domain/schema-reference.ts';
import type { RegistryTables } from './registry-tables.ts';
import { parseStoredReferences } from './version-rows.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** A version that uses another one. */
export interface Referrer {
  readonly subject: string;
  readonly version: number;
  readonly schemaId: number;
  readonly deleted: boolean;
  readonly refVersion: number;
}

/** A version that is used, directly or by way of others, with its content. */
export interface UsedVersion {
  readonly subject: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly text: string;
  readonly references: readonly SchemaReference[];
}

/** Up to `limit` versions that these are or use, whatever became of them, in no order. One round trip, however deep. */
export async function listUsedVersions(
  db: Db,
  keys: readonly { readonly subject: string; readonly version: number }[],
  limit: number,
): Promise<readonly UsedVersion[]> {
  const subjects = keys.map((key) => key.subject);
  const positions = keys.map((key) => key.version);
  const { rows } = await sql<{
    subject: string;
    version: number;
    deleted: boolean;
    text: string;
    refs: unknown;
  }>`
    with recursive used (subject, version) as (
      select subject collate "C", version from unnest(${subjects}::text[], ${positions}::int[]) as asked (subject, version)
      union
      select r.ref_subject, r.ref_version from used u
      join version_reference r on r.subject = u.subject and r.version = u.version
    )
    select v.subject, v.version, t.deleted_at is not null as deleted, s.text, s.refs
    from (select subject, version from used limit ${limit}) u
    join subject_version v on v.subject = u.subject and v.version = u.version
    join schema s on s.id = v.schema_id
    left join version_state t on t.subject = v.subject and t.version = v.version`.execute(db);
  return rows.map(({ refs, ...row }) => ({ ...row, references: parseStoredReferences(refs) }));
}

/** The versions that use one of these versions of a subject, in the order of their subjects and positions. */
export async function listReferrers(
  db: Db,
  subject: string,
  versions: readonly number[],
): Promise<readonly Referrer[]> {
  if (versions.length === 0) return [];
  const rows = await db
    .selectFrom('version_reference as r')
    .innerJoin('subject_version as v', (join) =>
      join.onRef('v.subject', '=', 'r.subject').onRef('v.version', '=', 'r.version'),
    )
    .leftJoin('version_state as t', (join) =>
      join.onRef('t.subject', '=', 'v.subject').onRef('t.version', '=', 'v.version'),
    )
    .select(['r.subject', 'r.version', 'r.ref_version', 'v.schema_id', 't.deleted_at'])
    .where('r.ref_subject', '=', subject)
    .where('r.ref_version', 'in', versions)
    .orderBy('r.subject')
    .orderBy('r.version')
    .execute();
  return rows.map((row) => ({
    subject: row.subject,
    version: row.version,
    schemaId: row.schema_id,
    deleted: row.deleted_at !== null,
    refVersion: row.ref_version,
  }));
}

/** Whether a write failed because one version uses another that is not there, or not any more. */
export function breaksReference(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === '23503' &&
    error.constraint === 'version_reference_ref_subject_ref_version_fkey'
  );
}
