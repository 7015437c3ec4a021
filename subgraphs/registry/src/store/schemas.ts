import { invariant } from '@spine/kernel/invariant';
import type { Kysely, Transaction } from 'kysely';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** The id of a content: the one it has, or the next. Publishers of the same new content wait for each other. */
export async function ensureSchema(db: Db, schema: ParsedSchema, text: string): Promise<number> {
  const known = await findId(db, schema.digest);
  if (known !== undefined) return known;
  const inserted = await db
    .insertInto('schema')
    .values({ digest: schema.digest, schema_type: schema.type, fingerprint: schema.fingerprint, text })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('id')
    .executeTakeFirst();
  const id = inserted?.id ?? (await findId(db, schema.digest));
  invariant(id !== undefined, 'a content is stored or known');
  return id;
}

/** The texts of these contents, by id. */
export async function schemaTexts(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('schema').select(['id', 'text']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, text }) => [id, text]));
}

async function findId(db: Db, digest: string): Promise<number | undefined> {
  const row = await db.selectFrom('schema').select('id').where('digest', '=', digest).executeTakeFirst();
  return row?.id;
}
