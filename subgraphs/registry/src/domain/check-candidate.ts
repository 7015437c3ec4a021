import { Problem } from '@spine/kernel/problem';
import type { CheckReport, Direction, ReportedIncompatibility } from './check-report.ts';
import { type CheckRules, counts, defaultRules } from './check-rules.ts';
import { type CompatibilityLevel, demandsOf } from './compatibility-level.ts';
import { type Governance, governanceBump } from './governance-change.ts';
import { findIncompatibilities, type ParsedSchema } from './parsed-schema.ts';
import { type Bump, greaterBump } from './semver.ts';

/** What would be published. */
export interface Candidate {
  readonly schema: ParsedSchema;
  readonly governance: Governance;
}

/** What was published before in the same line. */
export interface LineVersion extends Candidate {
  readonly version: number;
}

/**
 * Compares a candidate with every version of its line, oldest first; the last one is what it follows. Compatibility is not
 * transitive, so all are read. An empty line has nothing to break. Every comparison is bounded by itself; `isSpent` bounds all
 * of them together: asked before each, it ends the check with SCHEMA_TOO_COMPLEX.
 */
export function checkCandidate(
  level: CompatibilityLevel,
  line: readonly LineVersion[],
  candidate: Candidate,
  rules: CheckRules = defaultRules('strict'),
  isSpent: () => boolean = () => false,
): CheckReport {
  const terms = { level, ...rules, affected: [] };
  const last = line.at(-1);
  if (last === undefined) {
    return {
      ...terms,
      compatible: true,
      backward: true,
      forward: true,
      bump: 'MAJOR',
      incompatibilities: [],
    };
  }
  const found = [
    ...compare('BACKWARD', line, isSpent, (old) => findIncompatibilities(candidate.schema, old, rules)),
    ...compare('FORWARD', line, isSpent, (old) =>
      findIncompatibilities(old, candidate.schema, { ...rules, newer: 'WRITER' }),
    ),
  ];
  const deciding = found.filter((each) => counts(rules, each));
  const backward = deciding.filter((each) => each.direction === 'BACKWARD');
  const forward = deciding.filter((each) => each.direction === 'FORWARD');
  const demands = demandsOf(level);
  const keeps = (breaches: readonly ReportedIncompatibility[]): boolean =>
    demands.transitive
      ? breaches.length === 0
      : !breaches.some((each) => each.versions.includes(last.version));
  const shape = shapeBump({
    level,
    backward: backward.length === 0,
    forward: forward.length === 0,
    sameMeaning: candidate.schema.fingerprint === last.schema.fingerprint,
    sameContent: candidate.schema.digest === last.schema.digest,
  });
  const paths = new Set(candidate.schema.fields.map((field) => field.path));
  const labels = governanceBump(last.governance, candidate.governance, (path) => paths.has(path));
  return {
    ...terms,
    compatible: (!demands.backward || keeps(backward)) && (!demands.forward || keeps(forward)),
    backward: backward.length === 0,
    forward: forward.length === 0,
    bump: greaterBump(shape, labels) ?? 'PATCH',
    incompatibilities: found,
  };
}

/** The bump that the shape alone demands; undefined if its content did not change. */
export function shapeBump(change: {
  readonly level: CompatibilityLevel;
  readonly backward: boolean;
  readonly forward: boolean;
  /** Canonical forms equal. */
  readonly sameMeaning: boolean;
  readonly sameContent: boolean;
}): Bump | undefined {
  const { level, backward, forward, sameMeaning, sameContent } = change;
  if (backward && forward) {
    if (sameContent) return undefined;
    return sameMeaning ? 'PATCH' : 'MINOR';
  }
  if (!backward && !forward) return 'MAJOR';
  // NONE advises as FULL would.
  const demands = level === 'NONE' ? demandsOf('FULL') : demandsOf(level);
  const broken = backward ? demands.forward : demands.backward;
  return broken ? 'MAJOR' : 'MINOR';
}

function compare(
  direction: Direction,
  line: readonly LineVersion[],
  isSpent: () => boolean,
  find: (old: ParsedSchema) => ReturnType<typeof findIncompatibilities>,
): readonly ReportedIncompatibility[] {
  const byMeaning = new Map<string, { schema: ParsedSchema; versions: number[] }>();
  for (const { schema, version } of line) {
    const known = byMeaning.get(schema.fingerprint);
    if (known === undefined) byMeaning.set(schema.fingerprint, { schema, versions: [version] });
    else known.versions.push(version);
  }
  const breaches = new Map<string, ReportedIncompatibility & { versions: number[] }>();
  for (const { schema, versions } of byMeaning.values()) {
    if (isSpent()) throw tooComplex(byMeaning.size);
    for (const breach of find(schema)) {
      const key = `${breach.kind}\n${breach.path}\n${breach.message}\n${breach.axis ?? ''}`;
      const known = breaches.get(key);
      // The witness of the first version stands for all of them.
      if (known === undefined) breaches.set(key, { direction, ...breach, versions: [...versions] });
      else known.versions.push(...versions);
    }
  }
  return [...breaches.values()];
}

function tooComplex(versions: number): Problem {
  return new Problem(
    'SCHEMA_TOO_COMPLEX',
    `to compare the schema with the ${versions} different ones of its line takes longer than others can be kept waiting`,
    { fix: 'publish a simpler schema, open a new line, or delete versions that nobody uses' },
  );
}
