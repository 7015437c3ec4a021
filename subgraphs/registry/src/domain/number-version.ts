import type { CheckReport } from './check-report.ts';
import { type Bump, bumpBetween, bumpSemver, compareSemver, type Semver } from './semver.ts';

/** What becomes of a candidate: a number, or a refusal that names the number which would do. */
export type Numbering =
  | { readonly kind: 'numbered'; readonly semver: Semver; readonly bump: Bump }
  | { readonly kind: 'incompatible'; readonly required: Semver }
  | { readonly kind: 'understated'; readonly required: Semver };

/**
 * Numbers a candidate. Without a requested number it follows `latest` by the bump of the report, if the subject's level is
 * kept; a breach opens a new line only when a number asks for one. A requested number must be at least what the
 * report demands; under NONE it must only be new.
 *
 * `latest` is the greatest version of the subject, `last` the greatest of the line that the report is about.
 */
export function numberVersion(options: {
  readonly latest: Semver | undefined;
  readonly last: Semver | undefined;
  readonly requested: Semver | undefined;
  readonly report: CheckReport;
}): Numbering {
  const { latest, last, requested, report } = options;
  if (latest === undefined) {
    return { kind: 'numbered', semver: requested ?? { major: 1, minor: 0, patch: 0 }, bump: 'MAJOR' };
  }
  if (requested === undefined) {
    if (!report.compatible) return { kind: 'incompatible', required: bumpSemver(latest, 'MAJOR') };
    return { kind: 'numbered', semver: bumpSemver(latest, report.bump), bump: report.bump };
  }
  if (last === undefined) {
    // A line of its own must lie ahead of all others.
    return requested.major > latest.major
      ? { kind: 'numbered', semver: requested, bump: 'MAJOR' }
      : { kind: 'understated', required: bumpSemver(latest, 'MAJOR') };
  }
  const demanded: Bump = report.level === 'NONE' ? 'PATCH' : report.bump;
  const required = bumpSemver(demanded === 'MAJOR' ? latest : last, demanded);
  return compareSemver(requested, required) < 0
    ? { kind: 'understated', required }
    : { kind: 'numbered', semver: requested, bump: bumpBetween(last, requested) };
}
