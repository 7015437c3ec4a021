import { type Assessment, assessSchema } from './assess-schema.ts';
import type { SchemaRequest } from './publish-request.ts';
import type { RegistryDeps } from './registry-deps.ts';

/** Says what publishing would do and stores nothing. Throws SCHEMA_INVALID, INPUT_INVALID or CONFLICT as publishing would. */
export async function checkSchema(deps: RegistryDeps, request: SchemaRequest): Promise<Assessment> {
  return await assessSchema(deps.database.kysely, deps.schemas, request);
}
