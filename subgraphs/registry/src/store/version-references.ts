import type { Kysely, Transaction } from 'kysely';
import type { SchemaReference } from '../domain/schema-reference.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** A version that uses another one. */
export interface Referrer {
  readonly subject: string;
  readonly version: number;
  readonly schemaId: number;
  readonly deleted: boolean;
  readonly refVersion: number;
}

/** Stores what a version uses directly. */
export async function insertReferences(
  db: Db,
  subject: string,
  version: number,
  references: readonly SchemaReference[],
): Promise<void> {
  if (references.length === 0) return;
  const rows = references.map((reference) => ({
    subject,
    version,
    ref_subject: reference.subject,
    ref_version: reference.version,
  }));
  await db
    .insertInto('version_reference')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
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
