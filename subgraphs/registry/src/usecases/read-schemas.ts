import { invariant } from '@spine/kernel/invariant';
import type { Kysely, Transaction } from 'kysely';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import type { VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { listSchemas } from '../store/schemas.ts';
import { resolveReferences } from './resolve-references.ts';
import type { SchemaCache } from './schema-cache.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** The schemas of stored versions, by digest: from memory where they are there. */
export async function readSchemas(
  db: Db,
  cache: SchemaCache,
  versions: readonly Pick<VersionHead, 'digest' | 'schemaId'>[],
): Promise<ReadonlyMap<string, ParsedSchema>> {
  // Held on to here: reading one may push another out of the cache.
  const read = new Map<string, ParsedSchema>();
  const unread = new Map<string, number>();
  for (const { digest, schemaId } of versions) {
    if (read.has(digest)) continue;
    const schema = cache.find(digest);
    if (schema === undefined) unread.set(digest, schemaId);
    else read.set(digest, schema);
  }
  const stored = await listSchemas(db, [...new Set(unread.values())]);
  for (const [digest, schemaId] of unread) {
    const source = stored.get(schemaId);
    invariant(source !== undefined, `the content of schema ${schemaId} is stored`);
    const dependencies = await resolveReferences(db, source.references);
    read.set(digest, cache.parse({ ...source, dependencies }));
  }
  return read;
}

/** One of the schemas that were read. */
export function schemaOf(
  read: ReadonlyMap<string, ParsedSchema>,
  { digest }: Pick<VersionHead, 'digest'>,
): ParsedSchema {
  const schema = read.get(digest);
  invariant(schema !== undefined, 'what was asked for was read');
  return schema;
}
