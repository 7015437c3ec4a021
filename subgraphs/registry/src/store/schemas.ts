import { type Kysely, type Transaction } from 'kysely';
import { z } from 'zod';
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
