import type { SubjectVersion } from '../domain/subject-version.ts';
import { listVersionsByKey } from '../store/versions.ts';
import { type Assessment, assessSchema } from './assess-schema.ts';
import type { SchemaRequest } from './publish-request.ts';
import { readRequest } from './read-request.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** What publishing would do, and the whole of the version that says the same already. */
export interface SchemaCheck {
  readonly assessment: Assessment;
  readonly known: SubjectVersion | null;
}

/** Says what publishing would do and stores nothing. Throws SCHEMA_INVALID, INPUT_INVALID or CONFLICT as publishing would. */
export async function checkSchema(
  { database, schemas }: RegistryDeps,
  request: SchemaRequest,
): Promise<SchemaCheck> {
  const { schema } = await readRequest(database.kysely, schemas, request);
  const assessment = await assessSchema(database.kysely, schemas, request, schema);
  const { outcome } = assessment;
  const known = outcome.kind === 'known' ? await listVersionsByKey(database.kysely, [outcome.version]) : [];
  return { assessment, known: known[0] ?? null };
}
