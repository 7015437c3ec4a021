import type { SubjectVersion } from '../domain/subject-version.ts';
import { listVersionsByKey } from '../store/versions.ts';
import { type Assessment, assessSchema } from './assess-schema.ts';
import { describeVersion } from './describe-version.ts';
import type { SchemaRequest } from './publish-request.ts';
import { readRequest } from './read-request.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { noReview, type Review, reviewCandidate } from './review-candidate.ts';

/** What publishing would do, and the whole of the version that says the same already. */
export interface SchemaCheck {
  readonly assessment: Assessment;
  readonly known: SubjectVersion | null;
  /** Of a request that is reviewed. */
  readonly review: Review;
}

/** Says what publishing would do and stores nothing. Throws SCHEMA_INVALID, INPUT_INVALID or CONFLICT as publishing would. */
export async function checkSchema(deps: RegistryDeps, request: SchemaRequest): Promise<SchemaCheck> {
  const { database, schemas, inventory } = deps;
  const db = database.kysely;
  const read = await readRequest(db, schemas, request);
  const assessment = await assessSchema(deps, request, read.schema);
  const { outcome } = assessment;
  if (outcome.kind === 'known') {
    const [known = null] = await listVersionsByKey(db, [outcome.version]);
    return { assessment, known, review: noReview };
  }
  if (!request.isReviewed) return { assessment, known: null, review: noReview };
  const demand = await inventory?.demandOf(request.subject);
  const { predecessor: stored } = assessment;
  const predecessor = stored && (await describeVersion(db, schemas, stored));
  const review = reviewCandidate({ read, assessment, predecessor, owner: request.owner, demand });
  return { assessment, known: null, review };
}
