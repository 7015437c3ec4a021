import type { CheckReport } from '../domain/check-report.ts';
import { type Bump, formatSemver } from '../domain/semver.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import type { Assessment } from '../usecases/assess-schema.ts';

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

/** An assessment in the words of the API. */
export function toCheckResult({ outcome, report }: Assessment): CheckResult {
  switch (outcome.kind) {
    case 'known': {
      const { version } = outcome;
      return { ...taken, report, semver: formatSemver(version.semver), bump: version.bump, known: version };
    }
    case 'numbered':
      return { ...taken, report, semver: formatSemver(outcome.semver), bump: outcome.bump, known: null };
    case 'incompatible':
    case 'understated':
      return {
        publishable: false,
        refusal: outcome.kind === 'incompatible' ? 'INCOMPATIBLE_SCHEMA' : 'VERSION_UNDERSTATED',
        semver: formatSemver(outcome.required),
        bump: report.bump,
        known: null,
        report,
      };
  }
}

const taken = { publishable: true, refusal: null } as const;
