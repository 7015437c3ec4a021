import { invariant, unreachable } from '@spine/kernel/invariant';
import type { Profile } from '../../domain/check-rules.ts';
import { compatibilityMessages, incompatibleMessage } from '../../domain/confluent/compatibility-messages.ts';
import {
  ConfluentError,
  idDoesNotMatch,
  invalidSchema,
  notPermitted,
} from '../../domain/confluent/confluent-error.ts';
import { assertRegistrable, copiesAsIs } from '../../domain/confluent/confluent-mode.ts';
import { settleFacts, withVersion } from '../../domain/confluent/content-facts.ts';
import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import { findContent, findRegistered, listRegistered } from '../../store/confluent-versions.ts';
import type { PublishOutcome } from '../publish-schema.ts';
import { publishSchema } from '../publish-schema.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { checkTerms } from './check-terms.ts';
import { findSame } from './find-same.ts';
import { asInvalidSchema, type Candidate, type HandedSchema, readCandidate } from './read-candidate.ts';
import { findScope, type Scope } from './scope.ts';

/** What a Kafka client asks to be registered. */
export interface RegisterRequest {
  /** By its qualified name. */
  readonly subject: string;
  /** Without a text the last version's content is meant, with what else is said. */
  readonly handed: Omit<HandedSchema, 'text'> & { readonly text: string | undefined };
  /** Of another registry; only where copies are made. */
  readonly id: number | undefined;
  /** -1: the next position. A number must be the next one, outside of imports. */
  readonly version: number | undefined;
  readonly normalize: boolean | undefined;
  readonly force: boolean;
  readonly profile: Profile | undefined;
  readonly registeredBy: string;
  /** What is done to the schema on its way in, such as tagging its fields. */
  readonly retouch?: ((handed: HandedSchema) => HandedSchema) | undefined;
}

/** An import may bring a position; another client names the one that it takes to be next. */
interface Placed {
  readonly candidate: Candidate;
  readonly position: number | undefined;
}

/**
 * Registers a schema and answers with the version that holds it: a new one, or one that was there. Registering again never
 * moves what is latest. Throws ConfluentError; of an incompatible schema with `incompatibleCode`.
 */
export async function registerSchema(
  deps: RegistryDeps,
  request: RegisterRequest,
  incompatibleCode: number,
): Promise<RegisteredSchema> {
  const { subject, id, version } = request;
  const scope = await findScope(deps.database.kysely, subject);
  assertRegistrable(subject, scope.mode, id !== undefined);
  const normalize = request.normalize ?? scope.config.normalize ?? false;
  const versions = await listRegistered(deps.database.kysely, subject);
  const asHanded = await readCandidate(deps, subject, complete(request, versions), { normalize });
  if (version === undefined) {
    const same = await findSame(deps, versions, asHanded, { normalize });
    if (same !== undefined && (id === undefined || id === same.id)) return same;
    if (same !== undefined) throw otherId(same.id, id);
  }
  const placed = place(request, scope, versions, asHanded);
  const outcome = await publishSchema(deps, {
    ...checkTerms(scope, placed.candidate, request.profile),
    ...contentOf(subject, placed.candidate),
    publishedBy: request.registeredBy,
    mayChangeLevel: false,
    skipCheck: copiesAsIs(scope.mode) || request.force,
    forcedId: id,
    forcedVersion: placed.position,
  }).catch((error: unknown) => {
    throw asInvalidSchema(error, placed.candidate.type);
  });
  if (outcome.kind === 'id_taken') {
    const holder = await findContent(deps.database.kysely, { id: outcome.id });
    if (holder !== undefined)
      throw notPermitted(`Overwrite new schema with id ${outcome.id} is not permitted.`);
    throw idDoesNotMatch(`Schema already registered with another id than input id ${outcome.id}`);
  }
  const taken = versionOf(outcome, request, placed.candidate, versions, incompatibleCode);
  const registered = await findRegistered(deps.database.kysely, subject, taken);
  invariant(registered !== undefined, 'what was registered can be read');
  return registered;
}

/** The candidate as our own use cases ask for it. */
export function contentOf(subject: string, { type, text, references, metadata, ruleSet }: Candidate) {
  return { subject, type, text, references, contentMetadata: metadata, ruleSet };
}

function complete({ handed, retouch }: RegisterRequest, versions: readonly RegisteredSchema[]): HandedSchema {
  const previous = versions.findLast((each) => !each.deleted);
  const { text } = handed;
  if (text === undefined && previous === undefined) throw invalidSchema('Empty schema');
  const { type, references } = previous ?? handed;
  const whole =
    text === undefined ? { ...handed, type, references, text: previous?.text ?? '' } : { ...handed, text };
  return retouch === undefined ? whole : retouch(whole);
}

function place(
  { version }: RegisterRequest,
  { mode, config }: Scope,
  versions: readonly RegisteredSchema[],
  asHanded: Candidate,
): Placed {
  if (copiesAsIs(mode)) return { candidate: asHanded, position: version === -1 ? undefined : version };
  const previous = versions.findLast((each) => !each.deleted);
  const candidate = { ...asHanded, ...settleFacts(asHanded, previous, config) };
  if (version === undefined) return { candidate, position: undefined };
  const next = (versions.at(-1)?.version ?? 0) + 1;
  if (version !== -1 && version !== next) throw notNext();
  return { candidate: { ...candidate, metadata: withVersion(candidate.metadata, next) }, position: next };
}

function versionOf(
  outcome: Exclude<PublishOutcome, { readonly kind: 'id_taken' }>,
  { subject, id }: RegisterRequest,
  candidate: Candidate,
  versions: readonly RegisteredSchema[],
  incompatibleCode: number,
): number {
  switch (outcome.kind) {
    case 'published':
    case 'known':
      if (id !== undefined && id !== outcome.version.schemaId) throw otherId(outcome.version.schemaId, id);
      return outcome.version.version;
    case 'incompatible':
    case 'understated': {
      const messages = compatibilityMessages(outcome.report, candidate.text, versions);
      throw new ConfluentError(409, incompatibleCode, incompatibleMessage(subject, messages));
    }
    case 'position_taken':
      throw notNext();
    case 'lint_rejected':
    case 'inventory_demands':
      throw notPermitted(`Subject ${subject} demands more of a version than a Kafka client can say`);
    default:
      return unreachable(outcome);
  }
}

function notNext(): ConfluentError {
  return invalidSchema('Version is not one more than previous version');
}

function otherId(known: number, asked: number | undefined): ConfluentError {
  return idDoesNotMatch(`Schema already registered with id ${known} instead of input id ${asked}`);
}
