import { diffSchemas } from '../domain/changelog/diff-schemas.ts';
import type { SchemaChange } from '../domain/changelog/schema-change.ts';
import { type CheckRules, counts } from '../domain/check-rules.ts';
import { findIncompatibilities, type ParsedSchema } from '../domain/parsed-schema.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import { type DescribedVersion, describeVersion } from './describe-version.ts';
import { getSubject } from './get-subject.ts';
import { getVersion } from './get-version.ts';
import { readSchemas, schemaOf } from './read-schemas.ts';
import type { RegistryDeps } from './registry-deps.ts';

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
  const before = await describeVersion(db, deps.schemas, { version: from, schema: schemaOf(read, from) });
  const after = await describeVersion(db, deps.schemas, { version: to, schema: schemaOf(read, to) });
  return { from, to, changes: diffBetween(before, after, subject) };
}

/** The changes that make one version of the other, with the breaches that count by the rules. */
export function diffBetween(
  before: DescribedVersion,
  after: DescribedVersion,
  rules: CheckRules,
): readonly SchemaChange[] {
  const breaches = (reader: ParsedSchema, writer: ParsedSchema, newer: 'READER' | 'WRITER') =>
    findIncompatibilities(reader, writer, { ...rules, newer }).filter((each) => counts(rules, each));
  return diffSchemas(before, after, {
    BACKWARD: breaches(after.schema, before.schema, 'READER'),
    FORWARD: breaches(before.schema, after.schema, 'WRITER'),
  });
}
