import type { Kysely, Transaction } from 'kysely';
import { type DescribedSchema, diffSchemas } from '../domain/changelog/diff-schemas.ts';
import type { SchemaChange } from '../domain/changelog/schema-change.ts';
import { type CheckRules, counts } from '../domain/check-rules.ts';
import type { Governance } from '../domain/governance-change.ts';
import { findIncompatibilities, type ParsedSchema } from '../domain/parsed-schema.ts';
import type { SchemaSource } from '../domain/schema-source.ts';
import type { SubjectVersion, VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { getSubject } from './get-subject.ts';
import { getVersion } from './get-version.ts';
import { readSchemas, schemaOf } from './read-schemas.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { sourceOf } from './schema-sources.ts';

/** Two versions and all that lies between them. */
export interface VersionDiff {
  readonly from: SubjectVersion;
  readonly to: SubjectVersion;
  readonly changes: readonly SchemaChange[];
}

/**
 * The changes from one version of a subject to another, in either direction and whatever became of them. Throws
 * SUBJECT_NOT_FOUND, VERSION_NOT_FOUND, INPUT_INVALID.
 */
export async function diffVersions(
  deps: RegistryDeps,
  name: string,
  names: { readonly from: string; readonly to: string },
): Promise<VersionDiff> {
  const db = deps.database.kysely;
  const subject = await getSubject(deps, name, { deleted: true });
  const from = await getVersion(deps, name, names.from, { deleted: true });
  const to = await getVersion(deps, name, names.to, { deleted: true });
  const read = await readSchemas(db, deps.schemas, [from, to]);
  const after = { source: await sourceOf(db, to), schema: schemaOf(read, to), governance: to };
  return { from, to, changes: await diffFrom(db, from, schemaOf(read, from), after, subject) };
}

/** The changes that make a schema of a stored version's. */
export async function diffFrom(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  version: VersionHead,
  schema: ParsedSchema,
  after: { readonly source: SchemaSource; readonly schema: ParsedSchema; readonly governance: Governance },
  rules: CheckRules,
): Promise<readonly SchemaChange[]> {
  const before: DescribedSchema = { source: await sourceOf(db, version), schema, governance: version };
  const deciding = (reader: ParsedSchema, writer: ParsedSchema) =>
    findIncompatibilities(reader, writer, rules).filter((each) => counts(rules, each));
  return diffSchemas(before, after, {
    BACKWARD: deciding(after.schema, schema),
    FORWARD: deciding(schema, after.schema),
  });
}
