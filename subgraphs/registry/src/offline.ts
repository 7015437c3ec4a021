import { type DescribedSchema, diffSchemas } from './domain/changelog/diff-schemas.ts';
import type { SchemaChange } from './domain/changelog/schema-change.ts';
import { type Candidate, checkCandidate } from './domain/check-candidate.ts';
import type { CheckReport, ReportedIncompatibility } from './domain/check-report.ts';
import { counts, defaultRules, type Policy, type Profile, policies, profiles } from './domain/check-rules.ts';
import { type CompatibilityLevel, compatibilityLevels, demandsOf } from './domain/compatibility-level.ts';
import { lint } from './domain/lint/lint.ts';
import type { LintFinding } from './domain/lint/lint-finding.ts';
import type { Stewardship } from './domain/lint/lint-input.ts';
import { parseSeverities } from './domain/lint/parse-severities.ts';
import { numberVersion } from './domain/number-version.ts';
import { outlineSchema } from './domain/outline/outline-schema.ts';
import { findIncompatibilities, type ParsedSchema } from './domain/parsed-schema.ts';
import type { ProtoEnum, ProtoPiece } from './domain/protobuf/proto-file.ts';
import type { ReferencedText } from './domain/schema-reference.ts';
import type { SchemaType } from './domain/schema-type.ts';
import { compareSemver, formatSemver, parseSemver } from './domain/semver.ts';
import { applyFixes } from './formats/lint/apply-fixes.ts';
import { parseSchema } from './formats/parse-schema.ts';
import { readProtobufText } from './formats/protobuf/parse-protobuf.ts';

// What the registry knows of schemas, without a registry: the one door of the CLI to the engines. Texts in, plain data
// out; no database, no network.

/** A schema as a file has it, with the texts that it uses, dependencies first. */
export interface OfflineSchema {
  readonly type: SchemaType;
  readonly text: string;
  readonly dependencies?: readonly ReferencedText[];
}

export type OfflineLevel = CompatibilityLevel;
export type OfflineProfile = Profile;
export type OfflineType = SchemaType;
export type OfflinePolicy = Policy;
export type OfflineDependency = ReferencedText;

/** The words that a check may be asked by. */
export const offlineLevels: readonly OfflineLevel[] = compatibilityLevels;
export const offlineProfiles: readonly OfflineProfile[] = profiles;
export const offlinePolicies: readonly OfflinePolicy[] = policies;

/** A breach, and the places in the list of old schemas (0 is the newest) that it is with. */
export interface OfflineBreach extends Omit<ReportedIncompatibility, 'versions'> {
  readonly against: readonly number[];
}

/** What a check without a registry found. */
export interface OfflineReport {
  readonly compatible: boolean;
  /** Why a registry would refuse it. A breach is taken where a version asks for a line of its own. */
  readonly refusal: 'INCOMPATIBLE_SCHEMA' | 'VERSION_UNDERSTATED' | null;
  /** The number that it gets, or the least that would do; null where the number before it is not known. */
  readonly semver: string | null;
  /** What a registry would demand of the number; null where the newest old schema has the same content, or there is none. */
  readonly bump: CheckReport['bump'] | null;
  /** The breaches that decide. */
  readonly incompatibilities: readonly OfflineBreach[];
  /** Breaches that the level, or its axes, do not ask about. They decide nothing but the bump. */
  readonly advice: readonly OfflineBreach[];
}

/** Reads a schema for nothing but its faults. Throws SCHEMA_INVALID or SCHEMA_TOO_COMPLEX. */
export function readSchema(schema: OfflineSchema): void {
  parseSchema(schema);
}

/**
 * Checks a schema against those before it, the newest first. A level that is not transitive is decided by the newest
 * alone. Throws SCHEMA_INVALID or SCHEMA_TOO_COMPLEX of whichever schema it is.
 */
export function checkSchemas(request: {
  readonly candidate: OfflineSchema;
  readonly against: readonly OfflineSchema[];
  readonly level: OfflineLevel;
  readonly profile: OfflineProfile;
  /** Of JSON Schemas with an open content model. */
  readonly policy?: OfflinePolicy | undefined;
  /** The number of the newest old schema. */
  readonly since?: string | undefined;
  /** The number that is asked for. */
  readonly version?: string | undefined;
}): OfflineReport {
  const { level, policy } = request;
  const rules = { ...defaultRules(request.profile), ...(policy !== undefined && { policy }) };
  const candidate = candidateOf(parseSchema(request.candidate));
  // A line is told from its oldest version on; versions count from 1.
  const line = request.against
    .toReversed()
    .map((old, index) => ({ ...candidateOf(parseSchema(old)), version: index + 1 }));
  const report = checkCandidate(level, line, candidate, rules);
  const demands = demandsOf(level);
  const decides = (found: ReportedIncompatibility): boolean =>
    (found.direction === 'BACKWARD' ? demands.backward : demands.forward) &&
    (demands.transitive || found.versions.includes(line.length)) &&
    counts(rules, found);
  const breaches = report.incompatibilities.map((found) => {
    const { versions, ...breach } = found;
    return {
      decides: decides(found),
      breach: {
        ...breach,
        against: versions.map((version) => line.length - version).toSorted((a, b) => a - b),
      },
    };
  });
  const sameAsNewest = line.at(-1)?.schema.digest === candidate.schema.digest;
  const bump = line.length === 0 || (sameAsNewest && report.bump === 'PATCH') ? null : report.bump;
  return {
    compatible: report.compatible,
    ...numberOf(report, bump, request),
    bump,
    incompatibilities: breaches.filter((each) => each.decides).map((each) => each.breach),
    advice: breaches.filter((each) => !each.decides).map((each) => each.breach),
  };
}

function numberOf(
  report: CheckReport,
  bump: OfflineReport['bump'],
  asked: { readonly since?: string | undefined; readonly version?: string | undefined },
): Pick<OfflineReport, 'refusal' | 'semver'> {
  const requested = asked.version === undefined ? undefined : parseSemver(asked.version);
  if (asked.since === undefined) {
    return { refusal: report.compatible ? null : 'INCOMPATIBLE_SCHEMA', semver: null };
  }
  const last = parseSemver(asked.since);
  const isSame = requested === undefined || compareSemver(requested, last) === 0;
  if (bump === null && isSame) return { refusal: null, semver: formatSemver(last) };
  const numbering = numberVersion({ latest: last, last, requested, report, taken: [last] });
  switch (numbering.kind) {
    case 'numbered':
      return { refusal: null, semver: formatSemver(numbering.semver) };
    case 'incompatible':
      return { refusal: 'INCOMPATIBLE_SCHEMA', semver: formatSemver(numbering.required) };
    case 'understated':
      return { refusal: 'VERSION_UNDERSTATED', semver: formatSemver(numbering.required) };
  }
}

/** The pointer of the place in the text that a check's pointer means: where a type is defined, not where it is used. */
export function locatePointer(schema: OfflineSchema, pointer: string): string {
  return outlineSchema({ source: schema, schema: { type: schema.type } }).locate(pointer);
}

/** A named piece of a Protobuf file. */
export interface ProtobufPlace {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/** Where the pieces of a Protobuf text are, by the pointers that checks use for them. Throws SCHEMA_INVALID. */
export function protobufPlaces(text: string): ReadonlyMap<string, ProtobufPlace> {
  const file = readProtobufText(text);
  const places = new Map<string, ProtobufPlace>();
  const place = (path: string, { name, line }: ProtoPiece): void => {
    if (line !== undefined) places.set(path, { name, line });
  };
  const placeEnum = (path: string, each: ProtoEnum): void => {
    place(path, each);
    for (const value of each.values) place(`${path}/values/${value.number}`, value);
  };
  const messages = file.messages.map((message) => ({ message, path: `/${message.name}` }));
  // Grows while it is read.
  for (const { message, path } of messages) {
    place(path, message);
    for (const field of message.fields) place(`${path}/fields/${field.number}`, field);
    for (const oneof of message.oneofs) place(`${path}/oneofs/${oneof.name}`, oneof);
    for (const each of message.enums) placeEnum(`${path}/${each.name}`, each);
    messages.push(...message.messages.map((inner) => ({ message: inner, path: `${path}/${inner.name}` })));
  }
  for (const each of file.enums) placeEnum(`/${each.name}`, each);
  for (const service of file.services) {
    place(`/${service.name}`, service);
    for (const method of service.methods) place(`/${service.name}/${method.name}`, method);
  }
  return places;
}

/** What people say of a schema beside its text. */
export type OfflineStewardship = Stewardship;
export type OfflineLintFinding = LintFinding;
export type OfflineChange = SchemaChange;

/** What lint finds. `previous` is the version that it would follow. Throws SCHEMA_INVALID or INPUT_INVALID. */
export function lintSchema(
  schema: OfflineSchema,
  about: {
    readonly previous?: OfflineSchema | undefined;
    readonly stewardship?: OfflineStewardship | undefined;
    /** By rule: error, warning or off. */
    readonly severities?: Readonly<Record<string, string>> | undefined;
  },
): readonly OfflineLintFinding[] {
  return lint({
    ...described(schema),
    previous: about.previous && asDescribed(about.previous),
    stewardship: about.stewardship,
    severities: about.severities && parseSeverities(about.severities),
  });
}

/** The text with everything put right that findings of its lint know how to. */
export function fixText(text: string, findings: readonly OfflineLintFinding[]): string {
  return applyFixes(text, findings);
}

/** Every difference between two schemas, with who breaks by it. Throws SCHEMA_INVALID or SCHEMA_TOO_COMPLEX. */
export function diffTexts(
  before: OfflineSchema,
  after: OfflineSchema,
  profile: OfflineProfile,
): readonly OfflineChange[] {
  const rules = defaultRules(profile);
  const [old, now] = [described(before), described(after)];
  return diffSchemas(
    { ...old, governance: { tags: {} } },
    { ...now, governance: { tags: {} } },
    {
      BACKWARD: findIncompatibilities(now.schema, old.schema, rules),
      FORWARD: findIncompatibilities(old.schema, now.schema, { ...rules, newer: 'WRITER' }),
    },
  );
}

function asDescribed(source: OfflineSchema): DescribedSchema {
  return described(source);
}

function described(source: OfflineSchema) {
  const schema = parseSchema(source);
  return { source, schema, governance: { tags: {} } };
}

function candidateOf(schema: ParsedSchema): Candidate {
  return { schema, governance: { tags: {} } };
}
