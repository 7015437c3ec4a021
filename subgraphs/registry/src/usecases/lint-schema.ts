import type { LintFinding } from '../domain/lint/lint-finding.ts';
import { assessSchema } from './assess-schema.ts';
import { describeVersion } from './describe-version.ts';
import type { SchemaRequest } from './publish-request.ts';
import { readRequest } from './read-request.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { reviewCandidate } from './review-candidate.ts';

/** What the rules have against a schema, were it published now: errors first. Stores nothing. Throws as a check does. */
export async function lintSchema(
  deps: RegistryDeps,
  request: SchemaRequest,
): Promise<readonly LintFinding[]> {
  const { database, schemas } = deps;
  const read = await readRequest(database.kysely, schemas, request);
  const assessment = await assessSchema(deps, request, read.schema);
  const { predecessor: stored } = assessment;
  const predecessor = stored && (await describeVersion(database.kysely, schemas, stored));
  const { owner } = request;
  return reviewCandidate({ read, assessment, predecessor, owner, demand: undefined }).findings;
}
