import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import type { SchemaReference } from '../domain/schema-reference.ts';
import type { JsonObject, SchemaSource } from '../domain/schema-source.ts';
import { schemaTypes } from '../domain/schema-type.ts';
import type { RegistryTables } from './registry-tables.ts';
import { parseStoredReferences } from './version-rows.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** A content as it is stored: its references by name, their texts not yet fetched. */
export interface StoredSchema {
  readonly id: number;
  readonly type: SchemaSource['type'];
  readonly text: string;
  readonly references: readonly SchemaReference[];
  readonly metadata: JsonObject | undefined;
  readonly ruleSet: JsonObject | undefined;
}

/** Enough for any run of ids that importers took ahead of the sequence. */
const maxTries = 1_000;

/**
 * The id of a content: the one it has, or the next, or the one that an importer brings. Publishers of the same new content
 * wait for each other. Undefined if the brought id is another content's, or the content has another id.
 */
export async function ensureSchema(
  db: Db,
  schema: ParsedSchema,
  source: SchemaSource,
  forcedId?: number,
): Promise<number | undefined> {
  const known = await findId(db, schema.digest);
  if (known !== undefined) return forcedId === undefined || forcedId === known ? known : undefined;
  const values = {
    digest: schema.digest,
    schema_type: schema.type,
    fingerprint: schema.fingerprint,
    text: source.text,
    refs: JSON.stringify(source.references ?? []),
    metadata: source.metadata === undefined ? null : JSON.stringify(source.metadata),
    rule_set: source.ruleSet === undefined ? null : JSON.stringify(source.ruleSet),
  };
  if (forcedId !== undefined) {
    const [row] = await insert(db, { id: forcedId, ...values });
    if (row === undefined) return (await findId(db, schema.digest)) === forcedId ? forcedId : undefined;
    await sql`select setval('schema_id', greatest(${forcedId}, (select last_value from schema_id)))`.execute(
      db,
    );
    return forcedId;
  }
  // An id that an importer took leaves the insert without a row: the next one is tried.
  for (let tries = 0; tries < maxTries; tries += 1) {
    const [row] = await insert(db, values);
    const id = row?.id ?? (await findId(db, schema.digest));
    if (id !== undefined) return id;
  }
  throw new Error('the sequence of schema ids is behind the ids that were imported');
}

/** These contents, by id. */
export async function listSchemas(
  db: Db,
  ids: readonly number[],
): Promise<ReadonlyMap<number, StoredSchema>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('schema')
    .select(['id', 'schema_type', 'text', 'refs', 'metadata', 'rule_set'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        type: z.enum(schemaTypes).parse(row.schema_type),
        text: row.text,
        references: parseStoredReferences(row.refs),
        metadata: jsonObject.optional().parse(row.metadata ?? undefined),
        ruleSet: jsonObject.optional().parse(row.rule_set ?? undefined),
      },
    ]),
  );
}

/** The texts of these contents, by id. */
export async function schemaTexts(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('schema').select(['id', 'text']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, text }) => [id, text]));
}

const jsonObject = z.record(z.string(), z.unknown());

async function insert(db: Db, values: Parameters<ReturnType<typeof into>['values']>[0]) {
  return await into(db)
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
}

function into(db: Db) {
  return db.insertInto('schema');
}

async function findId(db: Db, digest: string): Promise<number | undefined> {
  const row = await db.selectFrom('schema').select('id').where('digest', '=', digest).executeTakeFirst();
  return row?.id;
}
