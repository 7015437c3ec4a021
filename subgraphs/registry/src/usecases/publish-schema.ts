import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { invariant, unreachable } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { Transaction } from 'kysely';
import type { CheckReport } from '../domain/check-report.ts';
import type { Missing } from '../domain/inventory-demand.ts';
import type { LintFinding } from '../domain/lint/lint-finding.ts';
import type { Numbering, NumberRefusal } from '../domain/number-version.ts';
import { contentDigest } from '../domain/schema-source.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import { findPublishKey, insertPublishKey } from '../store/publish-keys.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { ensureSchema } from '../store/schemas.ts';
import { findSubject, lockSubject, putSubject } from '../store/subjects.ts';
import { insertReferences } from '../store/version-references.ts';
import { markErased } from '../store/version-states.ts';
import { findVersionByDigest, insertVersion, listVersionsByKey } from '../store/versions.ts';
import { announce } from './announce.ts';
import { type Assessment, assessSchema } from './assess-schema.ts';
import { diffFrom } from './diff-versions.ts';
import { isKnownAs } from './known-version.ts';
import type { PublishRequest } from './publish-request.ts';
import { type ReadRequest, readRequest } from './read-request.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { noReview, type Review, reviewCandidate } from './review-candidate.ts';
import { isUnchanged, subjectAfter } from './subject-after.ts';

/** What became of a request to publish. A refusal has stored nothing. */
export type PublishOutcome =
  | {
      readonly kind: 'published';
      readonly version: SubjectVersion;
      readonly findings: readonly LintFinding[];
    }
  | { readonly kind: 'known'; readonly version: SubjectVersion }
  | PublishRefusal;

/** Why nothing was published. */
export type PublishRefusal =
  | (NumberRefusal & { readonly report: CheckReport })
  /** A rule of lint that is an error found something; warnings are told beside it. */
  | { readonly kind: 'lint_rejected'; readonly findings: readonly LintFinding[] }
  /** The inventory demands what the version does not say. */
  | { readonly kind: 'inventory_demands'; readonly missing: readonly Missing[] }
  /** The id or the position that an import brought is another content's. */
  | { readonly kind: 'id_taken'; readonly id: number }
  | { readonly kind: 'position_taken'; readonly position: number };

/**
 * Publishes a version: checked against its line, numbered, stored and announced in one transaction. Publishing what is
 * already there stores nothing. Throws SCHEMA_INVALID, SCHEMA_TOO_COMPLEX, REFERENCE_UNKNOWN, INPUT_INVALID, FORBIDDEN for a
 * change of level or profile, CONFLICT.
 */
export async function publishSchema(deps: RegistryDeps, request: PublishRequest): Promise<PublishOutcome> {
  // Read before the lock is taken: the slow part of a publish, and where bad input ends.
  const read = await readRequest(deps.database.kysely, deps.schemas, request);
  const unchanged = await findUnchanged(deps, request, read.schema.digest);
  if (unchanged !== undefined) return { kind: 'known', version: unchanged };
  // Asked before the lock, too: nobody waits for another service while others wait for him.
  const demand = request.isReviewed ? await deps.inventory?.demandOf(request.subject) : undefined;
  return await deps.database.kysely.transaction().execute(async (trx) => {
    await lockSubject(trx, request.subject);
    const earlier = await findEarlierAnswer(trx, request);
    if (earlier !== undefined) return { kind: 'known', version: earlier };
    const { skipCheck } = request;
    const assessment = await assessSchema(trx, deps.schemas, request, read.schema, { skipCheck });
    assertSettings(assessment, request);
    const { outcome, report } = assessment;
    switch (outcome.kind) {
      case 'incompatible':
      case 'understated':
        return { ...outcome, report };
      case 'known': {
        const { forcedId: id = outcome.version.schemaId } = request;
        if (id !== outcome.version.schemaId) return { kind: 'id_taken', id };
        await putSubjectIfChanged(trx, assessment, request);
        await rememberKey(trx, request, outcome.version);
        return { kind: 'known', version: await getStored(trx, outcome.version) };
      }
      case 'numbered': {
        const { owner = request.publishedBy, isReviewed = false } = request;
        const review = isReviewed ? await reviewCandidate(trx, read, assessment, owner, demand) : noReview;
        return refusalOf(review) ?? (await store(trx, request, read, assessment, outcome, review));
      }
      default:
        return unreachable(outcome);
    }
  });
}

async function store(
  trx: Transaction<RegistryTables>,
  request: PublishRequest,
  { schema, source }: ReadRequest,
  assessment: Assessment,
  { semver, bump }: Extract<Numbering, { readonly kind: 'numbered' }>,
  { findings }: Review,
): Promise<PublishOutcome> {
  const { subject, forcedId, forcedVersion } = request;
  const { versions, governance, metadata, report, predecessor, rules } = assessment;
  const position = forcedVersion ?? (versions.at(-1)?.version ?? 0) + 1;
  if (versions.some(({ version }) => version === position)) return { kind: 'position_taken', position };
  const schemaId = await ensureSchema(trx, schema, source, forcedId);
  if (schemaId === undefined) return { kind: 'id_taken', id: forcedId ?? 0 };
  await putSubjectIfChanged(trx, assessment, request);
  await markErased(trx, subject, schemaId);
  const version = await insertVersion(trx, {
    subject,
    version: position,
    semver,
    bump,
    schemaId,
    ...governance,
    metadata,
    report,
    diff:
      predecessor === undefined
        ? null
        : await diffFrom(trx, predecessor.version, predecessor.schema, { source, schema, governance }, rules),
    publishedBy: request.publishedBy,
  });
  await insertReferences(trx, subject, position, source.references ?? []);
  await rememberKey(trx, request, version);
  await announce(trx, 'published', [version]);
  return { kind: 'published', version, findings };
}

function refusalOf({ findings, missing }: Review): PublishRefusal | undefined {
  if (findings.some(({ severity }) => severity === 'error')) return { kind: 'lint_rejected', findings };
  return missing.length > 0 ? { kind: 'inventory_demands', missing } : undefined;
}

/** The answer to a request that would change nothing, without a lock: what most calls of a steady system are. */
async function findUnchanged(
  { database }: RegistryDeps,
  request: PublishRequest,
  digest: string,
): Promise<SubjectVersion | undefined> {
  const { requested, idempotencyKey, forcedId, forcedVersion } = request;
  if ([requested, idempotencyKey, forcedId, forcedVersion].some((each) => each !== undefined))
    return undefined;
  const subject = await findSubject(database.kysely, request.subject);
  if (subject === undefined || !isUnchanged(subject, subjectAfter(subject, request))) return undefined;
  const version = await findVersionByDigest(database.kysely, request.subject, digest);
  return version !== undefined && isKnownAs(version, request) ? version : undefined;
}

async function putSubjectIfChanged(
  trx: Transaction<RegistryTables>,
  { subject }: Assessment,
  request: PublishRequest,
): Promise<void> {
  const after = subjectAfter(subject, request);
  if (subject === undefined || !isUnchanged(subject, after)) await putSubject(trx, after);
}

function assertSettings({ subject }: Assessment, request: PublishRequest): void {
  if (subject === undefined || request.mayChangeLevel) return;
  const changes = (['level', 'profile'] as const).find(
    (setting) => request[setting] !== undefined && request[setting] !== subject[setting],
  );
  if (changes === undefined) return;
  throw new Problem(
    'FORBIDDEN',
    `${subject.name} has the ${changes} ${subject[changes]}; a publisher may not change that`,
    { fix: `publish without a ${changes}, or as a steward`, path: `/${changes}` },
  );
}

async function findEarlierAnswer(
  trx: Transaction<RegistryTables>,
  request: PublishRequest,
): Promise<SubjectVersion | undefined> {
  const { idempotencyKey: key, publishedBy } = request;
  if (key === undefined) return undefined;
  const earlier = await findPublishKey(trx, publishedBy, key);
  if (earlier === undefined) return undefined;
  if (earlier.requestDigest !== digestOf(request)) {
    throw new Problem('CONFLICT', 'this idempotency key was used for another request', {
      fix: 'give every request a key of its own, and repeat a key only with the same request',
      path: '/idempotencyKey',
    });
  }
  return await getStored(trx, earlier);
}

async function getStored(
  trx: Transaction<RegistryTables>,
  key: { readonly subject: string; readonly version: number },
): Promise<SubjectVersion> {
  const [version] = await listVersionsByKey(trx, [key]);
  invariant(version !== undefined, `${key.subject} ${key.version} is stored`);
  return version;
}

async function rememberKey(
  trx: Transaction<RegistryTables>,
  request: PublishRequest,
  { subject, version }: { readonly subject: string; readonly version: number },
): Promise<void> {
  const { idempotencyKey: key, publishedBy: principal } = request;
  if (key === undefined) return;
  await insertPublishKey(trx, { principal, key, requestDigest: digestOf(request), subject, version });
}

function digestOf(request: PublishRequest): string {
  const { subject, type, text, references, requested, level, profile, tags, dataClass, retention, metadata } =
    request;
  return sha256Hex(
    canonicalJson({
      subject,
      content: contentDigest({ type, text, references }),
      requested,
      level,
      profile,
      tags,
      dataClass,
      retention,
      metadata,
    }),
  );
}
