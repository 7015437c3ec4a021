import type { Profile } from '../../domain/check-rules.ts';
import { compatibilityMessages } from '../../domain/confluent/compatibility-messages.ts';
import { ConfluentError, versionNotFound } from '../../domain/confluent/confluent-error.ts';
import { findLastRegistered, findRegistered, listRegistered } from '../../store/confluent-versions.ts';
import { checkSchema } from '../check-schema.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { checkTerms } from './check-terms.ts';
import { type HandedSchema, readCandidate } from './read-candidate.ts';
import { contentOf } from './register-schema.ts';
import { findScope } from './scope.ts';

/** What a check of compatibility says. */
export interface Verdict {
  readonly isCompatible: boolean;
  readonly messages: readonly string[];
}

/** What a Kafka client asks to be checked. */
export interface CheckRequest {
  readonly subject: string;
  readonly handed: HandedSchema;
  /** One position, the last one, or all that the level asks for. */
  readonly against: number | 'latest' | 'all';
  readonly normalize: boolean | undefined;
  readonly profile: Profile | undefined;
  /** Whether a schema that cannot be read is a verdict, with the reason as its message, and no error. */
  readonly verbose: boolean;
}

/** Says whether a schema could follow, and stores nothing. Nothing there to break is no breach; a position must be there. */
export async function checkCompatibility(deps: RegistryDeps, request: CheckRequest): Promise<Verdict> {
  try {
    return await check(deps, request);
  } catch (error) {
    const isUnreadable = error instanceof ConfluentError && error.errorCode === 42201;
    if (!request.verbose || !isUnreadable) throw error;
    return { isCompatible: false, messages: [error.message] };
  }
}

async function check(deps: RegistryDeps, request: CheckRequest): Promise<Verdict> {
  const db = deps.database.kysely;
  const { subject, against, handed, profile } = request;
  const scope = await findScope(db, subject);
  const normalize = request.normalize ?? scope.config.normalize ?? false;
  const candidate = await readCandidate(deps, subject, handed, { normalize });
  const terms = checkTerms(scope, candidate, profile);
  const position = typeof against === 'number' ? against : undefined;
  if (position !== undefined) {
    const version = await findRegistered(db, subject, position);
    if (version === undefined || version.deleted) throw versionNotFound(position);
  }
  const chosen = against === 'latest' ? (await findLastRegistered(db, subject))?.version : position;
  const { assessment } = await checkSchema(deps, {
    ...contentOf(subject, candidate),
    ...terms,
    isCompared: (version) =>
      chosen === undefined
        ? terms.isCompared(version)
        : version.version === chosen && terms.isCompared(version),
  });
  const { report } = assessment;
  const versions = report.compatible ? [] : await listRegistered(db, subject);
  const messages = compatibilityMessages(report, candidate.text, versions, scope.config.validateFields);
  return { isCompatible: report.compatible, messages };
}
