import { findSubject } from '../store/subjects.ts';
import { checkSchema, type SchemaCheck } from './check-schema.ts';
import type { PublishRequest, SchemaRequest } from './publish-request.ts';
import { type PublishOutcome, publishSchema } from './publish-schema.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { asReferenceGone } from './resolve-references.ts';
import { findScopeTerms, levelGiven, modeForbids } from './scope-terms.ts';
import { isUnchanged, subjectAfter } from './subject-after.ts';

/**
 * Publishes by one of our own doors: under the level and the mode that are set around the subject. Throws as publishing does,
 * and CONFLICT where the mode takes nothing new; what is there already is answered all the same.
 */
export async function publishInScope(deps: RegistryDeps, request: PublishRequest): Promise<PublishOutcome> {
  const terms = await findScopeTerms(deps.database.kysely, request.subject);
  const levelOf: SchemaRequest['levelOf'] = (subject) => levelGiven(subject, terms);
  if (terms.mode === 'READWRITE') {
    return await publishSchema(deps, { ...request, levelOf }).catch((error: unknown) => {
      throw asReferenceGone(error);
    });
  }
  const known = await findUnchanged(deps, { ...request, levelOf });
  if (known === undefined) throw modeForbids(request.subject, terms.mode);
  return { kind: 'known', version: known };
}

/** Says what publishing would do under the level that is set around the subject. Throws as a check does. */
export async function checkInScope(deps: RegistryDeps, request: SchemaRequest): Promise<SchemaCheck> {
  const terms = await findScopeTerms(deps.database.kysely, request.subject);
  return await checkSchema(deps, { ...request, levelOf: (subject) => levelGiven(subject, terms) });
}

/** The version that says what is to be published, if publishing would change nothing else, either. */
async function findUnchanged(deps: RegistryDeps, request: PublishRequest) {
  const subject = await findSubject(deps.database.kysely, request.subject);
  if (subject === undefined || !isUnchanged(subject, subjectAfter(subject, request))) return undefined;
  const { known } = await checkSchema(deps, request);
  return known ?? undefined;
}
