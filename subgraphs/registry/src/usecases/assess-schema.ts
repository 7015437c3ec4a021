import { Problem } from '@spine/kernel/problem';
import type { Kysely, Transaction } from 'kysely';
import { checkCandidate } from '../domain/check-candidate.ts';
import type { CheckReport } from '../domain/check-report.ts';
import { type CheckRules, defaultRules } from '../domain/check-rules.ts';
import { type CompatibilityLevel, demandsOf } from '../domain/compatibility-level.ts';
import { type Governance, normaliseTags } from '../domain/governance-change.ts';
import { type Numbering, numberVersion } from '../domain/number-version.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import { compareSemver, isRelease } from '../domain/semver.ts';
import type { Subject } from '../domain/subject.ts';
import { isLive, type VersionHead, type VersionMetadata } from '../domain/subject-version.ts';
import { findAffected } from '../domain/usage.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import type { SubjectState } from '../store/subject-state.ts';
import type { ReadVersion } from './describe-version.ts';
import { effectiveLevel } from './effective-level.ts';
import { findKnown } from './known-version.ts';
import type { SchemaRequest } from './publish-request.ts';
import { readSchemas, schemaOf } from './read-schemas.ts';
import { readState } from './read-state.ts';
import type { RegistryDeps } from './registry-deps.ts';
import type { SchemaCache } from './schema-cache.ts';
import { createWorkBudget } from './work-budget.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** What publishing the request now would do. */
export interface Assessment {
  readonly subject: Subject | undefined;
  readonly level: CompatibilityLevel;
  readonly schema: ParsedSchema;
  readonly report: CheckReport;
  readonly outcome:
    | Numbering
    /** Nothing new: this version says the same. */
    | { readonly kind: 'known'; readonly version: VersionHead };
  readonly governance: Governance;
  readonly metadata: VersionMetadata;
  /** What counted as a breach. */
  readonly rules: CheckRules;
  /** What its changes are told against: the version before it in its line or, where it opens one, the latest. */
  readonly predecessor: ReadVersion | undefined;
  readonly opensLine: boolean;
  /** All versions there ever were, oldest first. */
  readonly versions: readonly VersionHead[];
}

/** Reads the subject as it stands and judges the request by it. */
export async function assessSchema(
  deps: RegistryDeps,
  request: SchemaRequest,
  schema: ParsedSchema,
): Promise<Assessment> {
  const state = await readState(deps, request.subject);
  return await assessByState(deps.database.kysely, deps.schemas, request, schema, state);
}

/**
 * Judges the request by a state of its subject. `schema` is what its text was read to. A pre-release binds nobody: it is
 * checked, and nothing is checked against it. Throws INPUT_INVALID or CONFLICT.
 */
export async function assessByState(
  db: Db,
  cache: SchemaCache,
  request: SchemaRequest,
  schema: ParsedSchema,
  { subject, versions, usages }: SubjectState,
  { skipCheck = false }: { readonly skipCheck?: boolean | undefined } = {},
): Promise<Assessment> {
  if (request.tags !== undefined) assertFieldsExist(schema, Object.keys(request.tags));
  const releases = versions.filter((version) => isLive(version) && isRelease(version.semver));
  const bySemver = releases.toSorted((a, b) => compareSemver(a.semver, b.semver));
  const latest = bySemver.at(-1);
  const level = request.level ?? request.levelOf?.(subject) ?? (await effectiveLevel(db, subject, request));
  // A Kafka client follows the last position, whatever its number.
  const followed = request.via === 'confluent' ? releases.at(-1) : latest;
  const major = request.requested?.major ?? followed?.semver.major;
  const line = bySemver.filter((version) => version.semver.major === major);

  const compared = comparedVersions(request, level, releases, line);
  const byPosition = new Map(versions.map((version) => [version.version, version]));
  const used = usages.flatMap((usage) => {
    const head = byPosition.get(usage.version);
    return head === undefined ? [] : [{ usage, head }];
  });
  const last = line.at(-1);
  const predecessor = last ?? latest;
  const read = await readSchemas(db, cache, [
    ...compared,
    ...(predecessor === undefined ? [] : [predecessor]),
    ...used.map(({ head }) => head),
  ]);

  const governance = governanceOf(request, schema, latest);
  const rules = rulesFor(request, subject);
  const report = {
    ...checkCandidate(
      level,
      compared.map((head) => ({ version: head.version, schema: schemaOf(read, head), governance: head })),
      { schema, governance },
      rules,
      createWorkBudget(),
    ),
    affected: findAffected(
      schema,
      used.map(({ usage, head }) => ({ usage, schema: schemaOf(read, head) })),
      rules,
    ),
  };

  // Looking for the same content in other words takes as long as reading it, and the meaning tells where there is none.
  const alike = versions.filter(
    ({ digest, fingerprint }) => digest === schema.digest || fingerprint === schema.fingerprint,
  );
  const known = alike.length === 0 ? undefined : findKnown(alike, schema.digest, request);
  return {
    subject,
    level,
    schema,
    report,
    outcome:
      known !== undefined
        ? { kind: 'known', version: known }
        : numberVersion({
            latest: latest?.semver,
            last: last?.semver,
            requested: request.requested,
            report: skipCheck ? { ...report, compatible: true } : report,
            taken: versions.map((version) => version.semver),
          }),
    governance,
    metadata: request.metadata ?? latest?.metadata ?? {},
    rules,
    predecessor: predecessor && { version: predecessor, schema: schemaOf(read, predecessor) },
    opensLine: last === undefined,
    versions,
  };
}

/** What was asked for in this check, else what the subject has or begins with. */
function rulesFor({ profile, via, rules = {} }: SchemaRequest, subject: Subject | undefined): CheckRules {
  const own = subject ?? defaultRules(via === 'confluent' ? 'confluent' : 'strict');
  return {
    profile: rules.profile ?? profile ?? own.profile,
    axes: rules.axes ?? own.axes,
    policy: rules.policy ?? own.policy,
  };
}

/**
 * The versions that decide, the last one last. On our own paths those of the line. A Kafka client knows no lines: to it a
 * transitive level means every version there is, and the last one is that of the last position.
 */
function comparedVersions(
  { via, isCompared = () => true }: SchemaRequest,
  level: CompatibilityLevel,
  releases: readonly VersionHead[],
  line: readonly VersionHead[],
): readonly VersionHead[] {
  if (via !== 'confluent') return line.filter(isCompared);
  const asked = releases.filter(isCompared);
  // In whatever line the last one is: a group may have left the line that others went on with.
  const decides = new Set([...line, ...asked.slice(-1)]);
  return demandsOf(level).transitive ? asked : asked.filter((version) => decides.has(version));
}

/** What the request says of labels, and what the latest version said where the request is silent. */
function governanceOf(
  request: SchemaRequest,
  schema: ParsedSchema,
  latest: VersionHead | undefined,
): Governance {
  const paths = new Set(schema.fields.map((field) => field.path));
  const inherited = Object.entries(latest?.tags ?? {}).filter(([path]) => paths.has(path));
  return {
    tags: normaliseTags(request.tags ?? Object.fromEntries(inherited)),
    dataClass: request.dataClass ?? latest?.dataClass,
    retention: request.retention ?? latest?.retention,
  };
}

function assertFieldsExist(schema: ParsedSchema, paths: readonly string[]): void {
  const known = new Set(schema.fields.map((field) => field.path));
  const missing = paths.filter((path) => !known.has(path));
  if (missing.length === 0) return;
  throw new Problem('INPUT_INVALID', `the schema has no field ${missing.join(', ')} to carry tags`, {
    fix: 'tag fields by their paths, such as email or address.city',
    path: '/tags',
  });
}
