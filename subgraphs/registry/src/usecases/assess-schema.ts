import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { Kysely, Transaction } from 'kysely';
import { checkCandidate, type LineVersion } from '../domain/check-candidate.ts';
import type { CheckReport } from '../domain/check-report.ts';
import { type CompatibilityLevel, defaultLevel } from '../domain/compatibility-level.ts';
import { type Governance, normaliseTags } from '../domain/governance-change.ts';
import { type Numbering, numberVersion } from '../domain/number-version.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import { compareSemver, formatSemver } from '../domain/semver.ts';
import type { Subject } from '../domain/subject.ts';
import type { SubjectVersion, VersionMetadata } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { schemaTexts } from '../store/schemas.ts';
import { findSubject } from '../store/subjects.ts';
import { listAllVersions } from '../store/versions.ts';
import { isKnownAs } from './known-version.ts';
import type { SchemaRequest } from './publish-request.ts';
import type { SchemaCache } from './schema-cache.ts';

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
    | { readonly kind: 'known'; readonly version: SubjectVersion };
  readonly governance: Governance;
  readonly metadata: VersionMetadata;
  /** The position that a new version would have. */
  readonly position: number;
}

/** Reads the subject as it stands and judges the request by it. Throws SCHEMA_INVALID, INPUT_INVALID or CONFLICT. */
export async function assessSchema(db: Db, cache: SchemaCache, request: SchemaRequest): Promise<Assessment> {
  const schema = cache.parse({ type: request.type, text: request.text });
  if (request.tags !== undefined) assertFieldsExist(schema, Object.keys(request.tags));
  const subject = await findSubject(db, request.subject);
  const versions = subject === undefined ? [] : await listAllVersions(db, subject.name);
  const bySemver = versions.toSorted((a, b) => compareSemver(a.semver, b.semver));
  const latest = bySemver.at(-1);
  const level = request.level ?? subject?.level ?? defaultLevel;

  const major = request.requested?.major ?? latest?.semver.major;
  const line = bySemver.filter((version) => version.semver.major === major);
  const governance = governanceOf(request, schema, latest);
  const report = checkCandidate(level, await readLine(db, cache, line), { schema, governance });

  const newest = versions.findLast((version) => version.digest === schema.digest);
  const known = newest !== undefined && isKnownAs(newest, request) ? newest : undefined;
  if (known !== undefined) assertSameNumber(known, request);
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
            last: line.at(-1)?.semver,
            requested: request.requested,
            report,
          }),
    governance,
    metadata: request.metadata ?? latest?.metadata ?? {},
    position: (versions.at(-1)?.version ?? 0) + 1,
  };
}

/** What the request says of labels, and what the latest version said where the request is silent. */
function governanceOf(
  request: SchemaRequest,
  schema: ParsedSchema,
  latest: SubjectVersion | undefined,
): Governance {
  const paths = new Set(schema.fields.map((field) => field.path));
  const inherited = Object.entries(latest?.tags ?? {}).filter(([path]) => paths.has(path));
  return {
    tags: normaliseTags(request.tags ?? Object.fromEntries(inherited)),
    dataClass: request.dataClass ?? latest?.dataClass,
  };
}

async function readLine(
  db: Db,
  cache: SchemaCache,
  line: readonly SubjectVersion[],
): Promise<readonly LineVersion[]> {
  // Held on to here: reading one may push another out of the cache.
  const read = new Map(line.map((version) => [version.digest, cache.find(version.digest)]));
  const unread = line.filter((version) => read.get(version.digest) === undefined);
  const texts = await schemaTexts(db, [...new Set(unread.map((version) => version.schemaId))]);
  return line.map(({ version, digest, schemaId, schemaType, tags, dataClass }) => {
    const schema = read.get(digest) ?? cache.parse({ type: schemaType, text: storedText(texts, schemaId) });
    read.set(digest, schema);
    return { version, schema, governance: { tags, dataClass } };
  });
}

function storedText(texts: ReadonlyMap<number, string>, schemaId: number): string {
  const text = texts.get(schemaId);
  invariant(text !== undefined, `the content of schema ${schemaId} is stored`);
  return text;
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

function assertSameNumber(known: SubjectVersion, { requested }: SchemaRequest): void {
  if (requested === undefined || compareSemver(requested, known.semver) === 0) return;
  throw new Problem(
    'CONFLICT',
    `this content is already published as ${formatSemver(known.semver)}, so it cannot become ${formatSemver(requested)}`,
    { fix: 'publish it without a version, or change the schema', path: '/version' },
  );
}
