import { invariant } from '@spine/kernel/invariant';
import type { Kysely, Transaction } from 'kysely';
import type { SchemaSource } from '../domain/schema-source.ts';
import type { VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { listSchemas } from '../store/schemas.ts';

/** The content of a stored version as it was handed in; the texts that it uses are not fetched. */
export async function sourceOf(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  { schemaId }: Pick<VersionHead, 'schemaId'>,
): Promise<SchemaSource> {
  const source = (await listSchemas(db, [schemaId])).get(schemaId);
  invariant(source !== undefined, `the content of schema ${schemaId} is stored`);
  return source;
}
