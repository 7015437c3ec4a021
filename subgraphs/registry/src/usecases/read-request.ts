import type { Kysely, Transaction } from 'kysely';
import type { SchemaOutline } from '../domain/outline/schema-outline.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import type { SchemaSource } from '../domain/schema-source.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import type { SchemaRequest } from './publish-request.ts';
import { resolveReferences } from './resolve-references.ts';
import type { SchemaCache } from './schema-cache.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** A request's schema, read, and the content that it was read from. */
export interface ReadRequest {
  readonly schema: ParsedSchema;
  readonly source: SchemaSource;
  readonly outlined: () => SchemaOutline;
}

/** Reads what a request hands in. Throws SCHEMA_INVALID, SCHEMA_TOO_COMPLEX or REFERENCE_UNKNOWN. */
export async function readRequest(db: Db, cache: SchemaCache, request: SchemaRequest): Promise<ReadRequest> {
  const { type, text, references = [], contentMetadata: metadata, ruleSet } = request;
  const dependencies = await resolveReferences(db, references, { of: request.subject });
  const source = { type, text, references, dependencies, metadata, ruleSet };
  const schema = cache.parse(source);
  return { schema, source, outlined: () => cache.outline({ schema, source }) };
}
