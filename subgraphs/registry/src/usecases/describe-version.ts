import { invariant } from '@spine/kernel/invariant';
import type { Kysely, Transaction } from 'kysely';
import type { Governance } from '../domain/governance-change.ts';
import type { SchemaOutline } from '../domain/outline/schema-outline.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import type { SchemaSource } from '../domain/schema-source.ts';
import type { VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { listSchemas } from '../store/schemas.ts';
import type { SchemaCache } from './schema-cache.ts';

/** A version as changelog and lint look at it: as it was handed in, as it was read, and what it says about its data. */
export interface DescribedVersion {
  readonly source: SchemaSource;
  readonly schema: ParsedSchema;
  readonly governance: Governance;
  readonly outlined: () => SchemaOutline;
}

/** A stored version whose schema was read. */
export interface ReadVersion {
  readonly version: VersionHead;
  readonly schema: ParsedSchema;
}

/** Adds what is missing to describe a stored version: how it was handed in. From memory, where its schema was just read. */
export async function describeVersion(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  cache: SchemaCache,
  { version, schema }: ReadVersion,
): Promise<DescribedVersion> {
  const source =
    cache.findSource(version.digest) ?? (await listSchemas(db, [version.schemaId])).get(version.schemaId);
  invariant(source !== undefined, `the content of schema ${version.schemaId} is stored`);
  return { source, schema, governance: version, outlined: () => cache.outline({ schema, source }) };
}
