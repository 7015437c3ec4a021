import type { CheckReport } from './check-report.ts';
import {
  type Bump,
  bumpBetween,
  bumpSemver,
  compareSemver,
  coreOf,
  isRelease,
  type Semver,
} from './semver.ts';

/** What becomes of a candidate: a number, or a refusal that names the bump and the number which would do. */
export type Numbering =
  | { readonly kind: 'numbered'; readonly semver: Semver; readonly bump: Bump }
  | NumberRefusal;

/** It breaks what the subject promises, or its number says too little or is taken. */
export interface NumberRefusal {
  readonly kind: 'incompatible' | 'understated';
  /** The least number that would do. */
  readonly required: Semver;
  readonly requiredBump: Bump;
}

/**
 * Numbers a candidate. Without a requested number it follows `last` by the bump of the report, if the subject's level is
 * kept; a breach opens a new line only when a number asks for one. A requested number must be at least what the report
 * demands, and a pre-release must try such a number; under NONE it must only be new. No number is given twice, not even
 * that of a version which was deleted or rolled back.
 *
 * `latest` is the greatest release of the subject, `last` the greatest of the line that the report is about, `taken` all
 * numbers that were ever given.
 */
export function numberVersion(options: {
  readonly latest: Semver | undefined;
  readonly last: Semver | undefined;
  readonly requested: Semver | undefined;
  readonly report: CheckReport;
  readonly taken: readonly Semver[];
}): Numbering {
  const { latest, last, requested, report, taken } = options;
  const next = (from: Semver | undefined, bump: Bump): Semver => nextFree(taken, from, bump);
  const refuse = (kind: NumberRefusal['kind'], from: Semver | undefined, bump: Bump): NumberRefusal => ({
    kind,
    required: next(from, bump),
    requiredBump: bump,
  });
  const isTaken = taken.some((each) => requested !== undefined && compareSemver(each, requested) === 0);

  if (requested === undefined) {
    if (!report.compatible) return refuse('incompatible', latest, 'MAJOR');
    const bump = last === undefined ? 'MAJOR' : report.bump;
    return { kind: 'numbered', semver: next(last, bump), bump };
  }
  if (latest === undefined) {
    return isTaken
      ? refuse('understated', undefined, 'MAJOR')
      : { kind: 'numbered', semver: requested, bump: 'MAJOR' };
  }
  if (last === undefined) {
    // A line of its own must lie ahead of all others.
    return requested.major > latest.major && !isTaken
      ? { kind: 'numbered', semver: requested, bump: 'MAJOR' }
      : refuse('understated', latest, 'MAJOR');
  }
  const demanded: Bump = report.level === 'NONE' ? 'PATCH' : report.bump;
  const least = demanded === 'MAJOR' ? bumpSemver(latest, demanded) : bumpSemver(last, demanded);
  return isTaken || compareSemver(coreOf(requested), least) < 0
    ? refuse('understated', demanded === 'MAJOR' ? latest : last, demanded)
    : { kind: 'numbered', semver: requested, bump: bumpBetween(last, requested) };
}

/** The number that follows by the bump, or the next one after it that nobody was given. */
function nextFree(taken: readonly Semver[], from: Semver | undefined, bump: Bump): Semver {
  const base = from ?? { major: 0, minor: 0, patch: 0 };
  const shares = (each: Semver): boolean =>
    isRelease(each) &&
    (bump === 'MAJOR' || (each.major === base.major && (bump === 'MINOR' || each.minor === base.minor)));
  const greatest = taken
    .filter(shares)
    .reduce((most, each) => (compareSemver(each, most) > 0 ? each : most), base);
  return bumpSemver(greatest, bump);
}
