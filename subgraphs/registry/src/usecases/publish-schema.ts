import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { invariant, unreachable } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import { appendEvents } from '@spine/platform/stream/append-event';
import type { Transaction } from 'kysely';
import type { CheckReport } from '../domain/check-report.ts';
import { defaultLevel } from '../domain/compatibility-level.ts';
import { contentDigest } from '../domain/schema-source.ts';
import type { Semver } from '../domain/semver.ts';
import type { Subject } from '../domain/subject.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import { findPublishKey, insertPublishKey } from '../store/publish-keys.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { ensureSchema } from '../store/schemas.ts';
import { findSubject, lockSubject, putSubject } from '../store/subjects.ts';
import { findVersionByDigest, insertVersion, listVersionsByKey } from '../store/versions.ts';
import { type Assessment, assessSchema } from './assess-schema.ts';
import { isKnownAs } from './known-version.ts';
import type { PublishRequest } from './publish-request.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { type SchemaChange, schemaChanges } from './schema-change.ts';

/** What became of a request to publish. A refusal has stored nothing. */
export type PublishOutcome =
  | { readonly kind: 'published'; readonly version: SubjectVersion }
  | { readonly kind: 'known'; readonly version: SubjectVersion }
  | { readonly kind: 'incompatible'; readonly required: Semver; readonly report: CheckReport }
  | { readonly kind: 'understated'; readonly required: Semver; readonly report: CheckReport };

/**
 * Publishes a version: checked against its line, numbered, stored and announced in one transaction. Publishing what is
 * already there stores nothing. Throws SCHEMA_INVALID, INPUT_INVALID, FORBIDDEN for a change of level, CONFLICT.
 */
export async function publishSchema(deps: RegistryDeps, request: PublishRequest): Promise<PublishOutcome> {
  // Read before the lock is taken: the slow part of a publish, and where bad input ends.
  deps.schemas.parse({ type: request.type, text: request.text });
  const known = await findUnchanged(deps, request);
  if (known !== undefined) return { kind: 'known', version: known };
  return await deps.database.kysely.transaction().execute(async (trx) => {
    await lockSubject(trx, request.subject);
    const earlier = await findEarlierAnswer(trx, request);
    if (earlier !== undefined) return { kind: 'known', version: earlier };
    const assessment = await assessSchema(trx, deps.schemas, request);
    assertLevel(assessment, request);
    const { outcome, report } = assessment;
    switch (outcome.kind) {
      case 'incompatible':
      case 'understated':
        return { kind: outcome.kind, required: outcome.required, report };
      case 'known':
        await putSubjectIfChanged(trx, assessment, request);
        await rememberKey(trx, request, outcome.version);
        return outcome;
      case 'numbered': {
        await putSubjectIfChanged(trx, assessment, request);
        const version = await insertVersion(trx, {
          subject: request.subject,
          version: assessment.position,
          semver: outcome.semver,
          bump: outcome.bump,
          schemaId: await ensureSchema(trx, assessment.schema, request.text),
          schemaType: request.type,
          digest: assessment.schema.digest,
          fingerprint: assessment.schema.fingerprint,
          ...assessment.governance,
          metadata: assessment.metadata,
          report,
          publishedBy: request.publishedBy,
        });
        await rememberKey(trx, request, version);
        await announce(trx, version);
        return { kind: 'published', version };
      }
      default:
        return unreachable(outcome);
    }
  });
}

/** The answer to a request that would change nothing, without a lock: what most calls of a steady system are. */
async function findUnchanged(
  { database, schemas }: RegistryDeps,
  request: PublishRequest,
): Promise<SubjectVersion | undefined> {
  if (request.requested !== undefined || request.idempotencyKey !== undefined) return undefined;
  const subject = await findSubject(database.kysely, request.subject);
  if (subject === undefined || !isUnchanged(subject, subjectAfter(subject, request))) return undefined;
  const { digest } = schemas.parse({ type: request.type, text: request.text });
  const version = await findVersionByDigest(database.kysely, request.subject, digest);
  return version !== undefined && isKnownAs(version, request) ? version : undefined;
}

function subjectAfter(before: Subject | undefined, request: PublishRequest, level = before?.level): Subject {
  return {
    name: request.subject,
    level: request.level ?? level ?? defaultLevel,
    owner: request.owner ?? before?.owner ?? request.publishedBy,
    dataset: request.dataset ?? before?.dataset ?? null,
  };
}

function isUnchanged(before: Subject, after: Subject): boolean {
  return canonicalJson(before) === canonicalJson(after);
}

async function putSubjectIfChanged(
  trx: Transaction<RegistryTables>,
  { subject, level }: Assessment,
  request: PublishRequest,
): Promise<void> {
  const after = subjectAfter(subject, request, level);
  if (subject === undefined || !isUnchanged(subject, after)) await putSubject(trx, after);
}

function assertLevel({ subject, level }: Assessment, request: PublishRequest): void {
  if (subject === undefined || subject.level === level || request.mayChangeLevel) return;
  throw new Problem(
    'FORBIDDEN',
    `${subject.name} promises ${subject.level}; a publisher may not change that`,
    {
      fix: 'publish without a level, or as a steward',
      path: '/level',
    },
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
  const [version] = await listVersionsByKey(trx, [earlier]);
  invariant(version !== undefined, 'a key stands for a version');
  return version;
}

async function rememberKey(
  trx: Transaction<RegistryTables>,
  request: PublishRequest,
  { subject, version }: SubjectVersion,
): Promise<void> {
  const { idempotencyKey: key, publishedBy: principal } = request;
  if (key === undefined) return;
  await insertPublishKey(trx, { principal, key, requestDigest: digestOf(request), subject, version });
}

function digestOf(request: PublishRequest): string {
  const { subject, type, text, requested, level, tags, dataClass, metadata } = request;
  return sha256Hex(
    canonicalJson({
      subject,
      content: contentDigest({ type, text }),
      requested,
      level,
      tags,
      dataClass,
      metadata,
    }),
  );
}

async function announce(trx: Transaction<RegistryTables>, version: SubjectVersion): Promise<void> {
  const change: SchemaChange = {
    kind: 'published',
    subject: version.subject,
    version: version.version,
    semver: version.semver,
  };
  await appendEvents(trx, schemaChanges, [change]);
}
