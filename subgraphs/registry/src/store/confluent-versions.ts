import { type Kysely, type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { RegisteredSchema, SchemaContent } from '../domain/confluent/registered-schema.ts';
import { schemaTypes } from '../domain/schema-type.ts';
import type { RegistryTables } from './registry-tables.ts';
import { parseStoredReferences } from './version-rows.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** The versions of a subject that Kafka clients may know of, oldest first, with the deleted ones. */
export async function listRegistered(db: Db, subject: string): Promise<readonly RegisteredSchema[]> {
  const rows = await registered(db).where('v.subject', '=', subject).orderBy('v.version').execute();
  return rows.map(toRegistered);
}

/** Those of them that no reader could tell from one with this fingerprint, oldest first. */
export async function listRegisteredAlike(
  db: Db,
  subject: string,
  fingerprint: string,
): Promise<readonly RegisteredSchema[]> {
  const rows = await registered(db)
    .where('v.subject', '=', subject)
    .where('s.fingerprint', '=', fingerprint)
    .orderBy('v.version')
    .execute();
  return rows.map(toRegistered);
}

/** The version at a position, deleted or not; undefined if there is none. */
export async function findRegistered(
  db: Db,
  subject: string,
  version: number,
): Promise<RegisteredSchema | undefined> {
  const row = await registered(db)
    .where('v.subject', '=', subject)
    .where('v.version', '=', version)
    .executeTakeFirst();
  return row === undefined ? undefined : toRegistered(row);
}

/** The newest version of a subject with this content: a live one or, with `deleted`, else a deleted one. */
export async function findRegisteredByDigest(
  db: Db,
  subject: string,
  digest: string,
  { deleted }: { readonly deleted: boolean },
): Promise<RegisteredSchema | undefined> {
  const row = await registered(db)
    .where('v.subject', '=', subject)
    .where('s.digest', '=', digest)
    .$if(!deleted, (query) => query.where('t.deleted_at', 'is', null))
    .orderBy(sql`t.deleted_at is null`, 'desc')
    .orderBy('v.version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toRegistered(row);
}

/** The live version of the last position, which is what Kafka clients call the latest; undefined if none is live. */
export async function findLastRegistered(db: Db, subject: string): Promise<RegisteredSchema | undefined> {
  const row = await registered(db)
    .where('v.subject', '=', subject)
    .where('t.deleted_at', 'is', null)
    .orderBy('v.version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toRegistered(row);
}

/** Every version of the subjects by its key, in the order of subject and position. */
export async function listKeys(
  db: Db,
  subjects: readonly string[],
): Promise<readonly { readonly subject: string; readonly version: number; readonly deleted: boolean }[]> {
  if (subjects.length === 0) return [];
  const rows = await known(db)
    .select(['v.subject', 'v.version', 't.deleted_at'])
    .where(sql<boolean>`v.subject = any(${subjects}::text[])`)
    .orderBy('v.subject')
    .orderBy('v.version')
    .execute();
  return rows.map(({ subject, version, deleted_at }) => ({ subject, version, deleted: deleted_at !== null }));
}

/** The versions of these keys, in the order of subject and position. */
export async function listRegisteredByKey(
  db: Db,
  keys: readonly { readonly subject: string; readonly version: number }[],
): Promise<readonly RegisteredSchema[]> {
  const subjects = keys.map(({ subject }) => subject);
  const versions = keys.map(({ version }) => version);
  const rows = await registered(db)
    .where(
      sql<boolean>`(v.subject, v.version) in (select * from unnest(${subjects}::text[], ${versions}::int[]))`,
    )
    .orderBy('v.subject')
    .orderBy('v.version')
    .execute();
  return rows.map(toRegistered);
}

/** Every position of a subject and whether it is deleted, in order. */
export async function listPositions(
  db: Db,
  subject: string,
): Promise<readonly { readonly version: number; readonly deleted: boolean }[]> {
  const rows = await known(db)
    .select(['v.version', 't.deleted_at'])
    .where('v.subject', '=', subject)
    .orderBy('v.version')
    .execute();
  return rows.map(({ version, deleted_at }) => ({ version, deleted: deleted_at !== null }));
}

/** Every subject that has a version, and whether one of them is live; in the order of their names. */
export async function listSubjectNames(
  db: Db,
): Promise<readonly { readonly name: string; readonly live: boolean }[]> {
  return await known(db)
    .select(['v.subject as name', sql<boolean>`bool_or(t.deleted_at is null)`.as('live')])
    .groupBy('v.subject')
    .orderBy('v.subject')
    .execute();
}

/** Where a content is used, in the order of subject and position. */
export async function listUses(
  db: Db,
  schemaId: number,
): Promise<readonly { readonly subject: string; readonly version: number; readonly deleted: boolean }[]> {
  const rows = await known(db)
    .select(['v.subject', 'v.version', 't.deleted_at'])
    .where('v.schema_id', '=', schemaId)
    .orderBy('v.subject')
    .orderBy('v.version')
    .execute();
  return rows.map(({ subject, version, deleted_at }) => ({ subject, version, deleted: deleted_at !== null }));
}

/** A content that some version has or had; one whose last version was removed for good is gone. */
export async function findContent(
  db: Db,
  key: { readonly id: number } | { readonly guid: string },
): Promise<SchemaContent | undefined> {
  const row = await db
    .selectFrom('schema as s')
    .select(['s.id', 's.guid', 's.digest', 's.schema_type', 's.text', 's.refs', 's.metadata', 's.rule_set'])
    .where((at) => ('id' in key ? at('s.id', '=', key.id) : at('s.guid', '=', key.guid)))
    .where(sql<boolean>`exists (select from subject_version v where v.schema_id = s.id)`)
    .executeTakeFirst();
  return row === undefined ? undefined : toContent(row);
}

/** The greatest id that was ever given. */
export async function greatestId(db: Db): Promise<number> {
  const { id } = await db
    .selectFrom('schema')
    .select((expression) => expression.fn.coalesce(expression.fn.max('id'), sql<number>`0`).as('id'))
    .executeTakeFirstOrThrow();
  return id;
}

/** Versions that were not erased by a repeated registration. */
function known(db: Db) {
  return db
    .selectFrom('subject_version as v')
    .leftJoin('version_state as t', (join) =>
      join.onRef('t.subject', '=', 'v.subject').onRef('t.version', '=', 'v.version'),
    )
    .where('t.erased_at', 'is', null);
}

function registered(db: Db) {
  return known(db)
    .innerJoin('schema as s', 's.id', 'v.schema_id')
    .select([
      'v.subject',
      'v.version',
      'v.published_at',
      't.deleted_at',
      's.id',
      's.guid',
      's.digest',
      's.schema_type',
      's.text',
      's.refs',
      's.metadata',
      's.rule_set',
    ]);
}

type RowOf<Query> = Query extends SelectQueryBuilder<infer _Db, infer _Tables, infer Row> ? Row : never;

const jsonObject = z.record(z.string(), z.unknown());

function toRegistered(row: RowOf<ReturnType<typeof registered>>): RegisteredSchema {
  return {
    ...toContent(row),
    subject: row.subject,
    version: row.version,
    deleted: row.deleted_at !== null,
    registeredAt: row.published_at,
  };
}

function toContent(
  row: Pick<
    RowOf<ReturnType<typeof registered>>,
    'id' | 'guid' | 'digest' | 'schema_type' | 'text' | 'refs' | 'metadata' | 'rule_set'
  >,
): SchemaContent {
  return {
    id: row.id,
    guid: row.guid,
    digest: row.digest,
    type: z.enum(schemaTypes).parse(row.schema_type),
    text: row.text,
    references: parseStoredReferences(row.refs),
    metadata: jsonObject.optional().parse(row.metadata ?? undefined),
    ruleSet: jsonObject.optional().parse(row.rule_set ?? undefined),
  };
}
