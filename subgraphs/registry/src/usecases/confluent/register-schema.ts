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
import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import {
  findContent,
  findLastRegistered,
  findRegistered,
  listRegistered,
} from '../../store/confluent-versions.ts';
import type { PublishOutcome } from '../publish-schema.ts';
import { publishSchema } from '../publish-schema.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { asReferenceGone } from '../resolve-references.ts';
import { checkTerms } from './check-terms.ts';
import { findSame } from './find-same.ts';
import { notNext, type PlacedCandidate, placeCandidate } from './place-candidate.ts';
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
  const candidate = await readCandidate(deps, subject, await complete(deps, request), { normalize });
  if (version === undefined) {
    // Who hands in a text may mean its comments, and a new version for them.
    const sameness = { normalize, deleted: false, passesOverLayout: candidate.isDescriptor };
    const same = await findSame(deps, subject, candidate, sameness);
    if (same !== undefined && id !== undefined && id !== same.id) throw otherId(same.id, id);
    if (same !== undefined) return same;
  }
  for (let tries = 1; ; tries += 1) {
    const placed = await placeCandidate(deps, { subject, version, scope, candidate });
    const outcome = await publish(deps, request, scope, placed);
    // Whoever wants any next position may be overtaken, and wants the one after that.
    if (outcome.kind === 'position_taken' && version === -1 && tries < maxTries) continue;
    const taken = await versionOf(deps, outcome, request, placed.candidate, incompatibleCode);
    const registered = await findRegistered(deps.database.kysely, subject, taken);
    invariant(registered !== undefined, 'what was registered can be read');
    return registered;
  }
}

const maxTries = 10;

async function publish(
  deps: RegistryDeps,
  { subject, id, force, profile, registeredBy }: RegisterRequest,
  scope: Scope,
  { candidate, position }: PlacedCandidate,
): Promise<PublishOutcome> {
  return await publishSchema(deps, {
    ...checkTerms(scope, candidate, profile),
    ...contentOf(subject, candidate),
    publishedBy: registeredBy,
    mayChangeLevel: false,
    skipCheck: copiesAsIs(scope.mode) || force,
    forcedId: id,
    forcedVersion: position,
  }).catch((error: unknown) => {
    throw asInvalidSchema(asReferenceGone(error), candidate.type);
  });
}

/** The candidate as our own use cases ask for it. */
export function contentOf(subject: string, { type, text, references, metadata, ruleSet }: Candidate) {
  return { subject, type, text, references, contentMetadata: metadata, ruleSet };
}

/** The schema that is meant: with the last version's text where there is none, and with what is done to it on its way in. */
async function complete(
  { database }: RegistryDeps,
  { subject, handed, retouch = (whole) => whole }: RegisterRequest,
): Promise<HandedSchema> {
  const { text } = handed;
  if (text !== undefined) return retouch({ ...handed, text });
  const last = await findLastRegistered(database.kysely, subject);
  if (last === undefined) throw invalidSchema('Empty schema');
  return retouch({ ...handed, type: last.type, references: last.references, text: last.text });
}

async function versionOf(
  { database }: RegistryDeps,
  outcome: PublishOutcome,
  { subject, id }: RegisterRequest,
  { text }: Candidate,
  incompatibleCode: number,
): Promise<number> {
  switch (outcome.kind) {
    case 'published':
    case 'known':
      if (id !== undefined && id !== outcome.version.schemaId) throw otherId(outcome.version.schemaId, id);
      return outcome.version.version;
    case 'incompatible':
    case 'understated': {
      const versions = await listRegistered(database.kysely, subject);
      const messages = compatibilityMessages(outcome.report, text, versions);
      throw new ConfluentError(409, incompatibleCode, incompatibleMessage(subject, messages));
    }
    case 'id_taken': {
      const holder = await findContent(database.kysely, { id: outcome.id });
      throw holder === undefined
        ? idDoesNotMatch(`Schema already registered with another id than input id ${outcome.id}`)
        : notPermitted(`Overwrite new schema with id ${outcome.id} is not permitted.`);
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

function otherId(known: number, asked: number | undefined): ConfluentError {
  return idDoesNotMatch(`Schema already registered with id ${known} instead of input id ${asked}`);
}
