import type { CheckReport } from '../domain/check-report.ts';
import { type Bump, formatSemver } from '../domain/semver.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import type { SchemaCheck } from '../usecases/check-schema.ts';

/** What a check says: whether publishing would be taken, under which number or from which one on, and why. */
export interface CheckResult {
  readonly publishable: boolean;
  /** Why it would not be. */
  readonly refusal: 'INCOMPATIBLE_SCHEMA' | 'VERSION_UNDERSTATED' | null;
  /** The number it would get, or the least one that would do. */
  readonly semver: string;
  readonly bump: Bump;
  /** The version that says the same already. */
  readonly known: SubjectVersion | null;
  readonly report: CheckReport;
}

/** A check in the words of the API. */
export function toCheckResult({ assessment: { outcome, report }, known }: SchemaCheck): CheckResult {
  switch (outcome.kind) {
    case 'known': {
      const { semver } = outcome.version;
      return { ...taken, report, semver: formatSemver(semver), bump: known?.bump ?? report.bump, known };
    }
    case 'numbered':
      return { ...taken, report, semver: formatSemver(outcome.semver), bump: outcome.bump, known: null };
    case 'incompatible':
    case 'understated':
      return {
        publishable: false,
        refusal: outcome.kind === 'incompatible' ? 'INCOMPATIBLE_SCHEMA' : 'VERSION_UNDERSTATED',
        semver: formatSemver(outcome.required),
        bump: outcome.requiredBump,
        known: null,
        report,
      };
  }
}

const taken = { publishable: true, refusal: null } as const;
