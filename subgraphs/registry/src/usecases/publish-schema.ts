import { invariant, unreachable } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { Kysely, Transaction } from 'kysely';
import type { SchemaChange as VersionChange } from '../domain/changelog/schema-change.ts';
import type { CheckReport } from '../domain/check-report.ts';
import type { InventoryDemand, Missing } from '../domain/inventory-demand.ts';
import type { LintFinding } from '../domain/lint/lint-finding.ts';
import type { Numbering, NumberRefusal } from '../domain/number-version.ts';
import type { Subject } from '../domain/subject.ts';
import { isLive, type SubjectVersion, type VersionHead } from '../domain/subject-version.ts';
import { insertPublishKey } from '../store/publish-keys.ts';
import { isShared } from '../store/publish-queue.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { storeVersion } from '../store/store-version.ts';
import {
  findVersionUnderToken,
  readSubjectState,
  readToken,
  type SubjectState,
} from '../store/subject-state.ts';
import { lockSubject, putSubject } from '../store/subjects.ts';
import { listVersionsByKey } from '../store/versions.ts';
import { type Assessment, assessByState } from './assess-schema.ts';
import { describeVersion } from './describe-version.ts';
import { diffBetween } from './diff-versions.ts';
import { findEarlierAnswer, publishKeyOf } from './earlier-answer.ts';
import { isKnownAs } from './known-version.ts';
import type { PublishRequest } from './publish-request.ts';
import { type ReadRequest, readRequest } from './read-request.ts';
import { readState } from './read-state.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { noReview, type Review, reviewCandidate } from './review-candidate.ts';
import { type SchemaChange, schemaChanges } from './schema-change.ts';
import { stateAfter } from './state-after.ts';
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
 * Publishes a version: checked against its line, numbered, stored and announced, all or nothing. Publishing what is already
 * there stores nothing. Throws SCHEMA_INVALID, SCHEMA_TOO_COMPLEX, REFERENCE_UNKNOWN, INPUT_INVALID, FORBIDDEN for a change of
 * level or profile, CONFLICT.
 */
export async function publishSchema(deps: RegistryDeps, request: PublishRequest): Promise<PublishOutcome> {
  const { kysely } = deps.database;
  const read = await readRequest(kysely, deps.schemas, request);
  refuseFaults(read);
  // Nobody waits for another service while others wait for him.
  const demand = request.isReviewed ? await deps.inventory?.demandOf(request.subject) : undefined;
  const task = { deps, request, read, demand };
  const byMemory = await attemptByMemory(task);
  if (byMemory !== undefined) return byMemory;
  // Judged before any lock is taken, and stored only if the subject is still the one that it was judged by.
  const outcome = await attempt(kysely, task, await readState(deps, request.subject));
  if (outcome.kind !== 'stale') return outcome;
  // Another publisher was quicker, or more than a version is to be written: in its turn.
  deps.states?.forget(request.subject);
  return await kysely.transaction().execute(async (trx) => {
    await lockSubject(trx, request.subject);
    const inTurn = await attempt(trx, task, await readSubjectState(trx, request.subject), trx);
    invariant(inTurn.kind !== 'stale', 'nobody changes a subject that we hold');
    return inTurn;
  });
}

/** A request that was read, and all that it is judged with. */
interface Task {
  readonly deps: RegistryDeps;
  readonly request: PublishRequest;
  readonly read: ReadRequest;
  readonly demand: InventoryDemand | undefined;
}

/**
 * Judges by the subject as it was last seen, without asking: storing asks for its token. What is not stored was judged right
 * only if the subject is still that one. Undefined if it is not, or was never seen.
 */
async function attemptByMemory(task: Task): Promise<PublishOutcome | undefined> {
  const { deps, request, read } = task;
  const { kysely } = deps.database;
  const state = deps.states?.recall(request.subject);
  if (state === undefined) return undefined;
  const unchanged = findUnchanged(state, request, read.schema.digest);
  if (unchanged !== undefined) {
    const found = await findVersionUnderToken(kysely, unchanged);
    return found?.token === state.token ? { kind: 'known', version: found.version } : undefined;
  }
  const outcome = await attempt(kysely, task, state).catch((problem: unknown) => {
    if (problem instanceof Problem) return { kind: 'thrown', problem } as const;
    throw problem;
  });
  if (outcome.kind === 'published') return outcome;
  if (outcome.kind === 'stale' || (await readToken(kysely, request.subject)) !== state.token) {
    deps.states?.forget(request.subject);
    return undefined;
  }
  if (outcome.kind === 'thrown') throw outcome.problem;
  return outcome;
}

/** What is read because others wrote it, and never written here: a Protobuf field of number 0. */
function refuseFaults({ schema }: ReadRequest): void {
  const [fault] = schema.type === 'PROTOBUF' ? schema.protobuf.faults : [];
  if (fault === undefined) return;
  throw new Problem('SCHEMA_INVALID', `invalid Protobuf schema: ${fault.message}`, {
    fix: 'give the field a number from 1 on',
    path: fault.path,
  });
}

/** Judges by a state of the subject, and stores. `held` is the transaction that holds the subject, if one does. */
async function attempt(
  db: Kysely<RegistryTables>,
  task: Task,
  state: SubjectState,
  held?: Transaction<RegistryTables>,
): Promise<PublishOutcome | { readonly kind: 'stale' }> {
  const { request, read, demand } = task;
  const { schemas } = task.deps;
  const earlier = await findEarlierAnswer(db, request);
  if (earlier !== undefined) return { kind: 'known', version: await getStored(db, earlier) };
  const unchanged = findUnchanged(state, request, read.schema.digest);
  if (unchanged !== undefined) return { kind: 'known', version: await getStored(db, unchanged) };
  const { skipCheck } = request;
  const assessment = await assessByState(db, schemas, request, read.schema, state, { skipCheck });
  assertSettings(assessment, request);
  const { outcome, report } = assessment;
  switch (outcome.kind) {
    case 'incompatible':
    case 'understated':
      return { ...outcome, report };
    case 'known': {
      const { forcedId: id = outcome.version.schemaId } = request;
      if (id !== outcome.version.schemaId) return { kind: 'id_taken', id };
      if (held === undefined) return { kind: 'stale' };
      const changed = changedSubject(assessment, request);
      if (changed !== undefined) await putSubject(held, changed);
      const key = publishKeyOf(request, outcome.version.version);
      if (key !== undefined) await insertPublishKey(held, key);
      return { kind: 'known', version: await getStored(held, outcome.version) };
    }
    case 'numbered': {
      const { predecessor: stored } = assessment;
      const predecessor = stored && (await describeVersion(db, schemas, stored));
      const { owner = request.publishedBy, isReviewed = false } = request;
      const review = isReviewed
        ? reviewCandidate({ read, assessment, predecessor, owner, demand })
        : noReview;
      const refusal = refusalOf(review);
      if (refusal !== undefined) return refusal;
      const after = { ...read, governance: assessment.governance };
      const diff = predecessor === undefined ? null : diffBetween(predecessor, after, assessment.rules);
      return await store(db, task, state, { assessment, outcome, review, diff }, held);
    }
    default:
      return unreachable(outcome);
  }
}

/** What was made of a request that is to be stored. */
interface Judgement {
  readonly assessment: Assessment;
  readonly outcome: Extract<Numbering, { readonly kind: 'numbered' }>;
  readonly review: Review;
  readonly diff: readonly VersionChange[] | null;
}

async function store(
  db: Kysely<RegistryTables>,
  { deps: { publishes, states }, request, read: { schema, source } }: Task,
  state: SubjectState,
  { assessment, outcome: { semver, bump }, review, diff }: Judgement,
  held: Transaction<RegistryTables> | undefined,
): Promise<PublishOutcome | { readonly kind: 'stale' }> {
  const { versions, token } = state;
  const { subject, forcedId, forcedVersion, publishedBy } = request;
  const { governance, metadata, report } = assessment;
  const version = forcedVersion ?? (versions.at(-1)?.version ?? 0) + 1;
  if (versions.some((each) => each.version === version)) return { kind: 'position_taken', position: version };
  const about = { subject, version, semver };
  const toStore = {
    judged: { ...about, bump, ...governance, metadata, report, diff, publishedBy, schema, source },
    token,
    changedSubject: changedSubject(assessment, request),
    forcedId,
    key: publishKeyOf(request, version),
    stream: schemaChanges,
    event: { kind: 'published', ...about } satisfies SchemaChange,
  };
  // A transaction that holds the subject stores it itself.
  const stored =
    held === undefined && publishes !== undefined && isShared(toStore)
      ? await publishes.store(toStore)
      : await storeVersion(db, toStore);
  switch (stored.kind) {
    case 'stored': {
      const after = stateAfter(state, { ...toStore, ...stored });
      if (after !== undefined) states?.remember(subject, after);
      return { kind: 'published', version: stored.version, findings: review.findings };
    }
    case 'id_taken':
      return { kind: 'id_taken', id: forcedId ?? 0 };
    case 'stale':
      return stored;
  }
}

function refusalOf({ findings, missing }: Review): PublishRefusal | undefined {
  if (findings.some(({ severity }) => severity === 'error')) return { kind: 'lint_rejected', findings };
  return missing.length > 0 ? { kind: 'inventory_demands', missing } : undefined;
}

/** The version that answers a request which would change nothing: what most calls of a steady system are. */
function findUnchanged(
  { subject, versions }: SubjectState,
  request: PublishRequest,
  digest: string,
): VersionHead | undefined {
  const { requested, idempotencyKey, forcedId, forcedVersion } = request;
  if ([requested, idempotencyKey, forcedId, forcedVersion].some((each) => each !== undefined))
    return undefined;
  if (subject === undefined || !isUnchanged(subject, subjectAfter(subject, request))) return undefined;
  const newest = versions.findLast((version) => version.digest === digest && isLive(version));
  return newest !== undefined && isKnownAs(newest, request) ? newest : undefined;
}

function changedSubject({ subject }: Assessment, request: PublishRequest): Subject | undefined {
  const after = subjectAfter(subject, request);
  return subject === undefined || !isUnchanged(subject, after) ? after : undefined;
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

async function getStored(
  db: Kysely<RegistryTables>,
  key: { readonly subject: string; readonly version: number },
): Promise<SubjectVersion> {
  const [version] = await listVersionsByKey(db, [key]);
  invariant(version !== undefined, `${key.subject} ${key.version} is stored`);
  return version;
}
