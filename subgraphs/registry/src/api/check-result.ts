import type { CheckReport } from '../domain/check-report.ts';
import type { Missing } from '../domain/inventory-demand.ts';
import type { LintFinding } from '../domain/lint/lint-finding.ts';
import { type Bump, formatSemver } from '../domain/semver.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import type { SchemaCheck } from '../usecases/check-schema.ts';

/** What a check says: whether publishing would be taken, under which number or from which one on, and why. */
export interface CheckResult {
  readonly publishable: boolean;
  /** Why it would not be. */
  readonly refusal:
    | 'INCOMPATIBLE_SCHEMA'
    | 'VERSION_UNDERSTATED'
    | 'LINT_REJECTED'
    | 'INVENTORY_DEMANDS'
    | null;
  /** The number it would get, or the least one that would do. */
  readonly semver: string;
  readonly bump: Bump;
  /** The version that says the same already. */
  readonly known: SubjectVersion | null;
  readonly report: CheckReport;
  /** What rules of lint have against it, errors first. */
  readonly findings: readonly LintFinding[];
  /** What the inventory demands and it does not say. */
  readonly missing: readonly Missing[];
}

/** A check in the words of the API. */
export function toCheckResult({ assessment, known, review }: SchemaCheck): CheckResult {
  const { outcome, report } = assessment;
  const rest = { known, report, ...review };
  switch (outcome.kind) {
    case 'known': {
      const { semver } = outcome.version;
      const bump = known?.bump ?? report.bump;
      return { ...rest, publishable: true, refusal: null, semver: formatSemver(semver), bump };
    }
    case 'numbered': {
      const refusal = refusalOf(review);
      const { semver, bump } = outcome;
      return { ...rest, publishable: refusal === null, refusal, semver: formatSemver(semver), bump };
    }
    case 'incompatible':
    case 'understated':
      return {
        ...rest,
        publishable: false,
        refusal: outcome.kind === 'incompatible' ? 'INCOMPATIBLE_SCHEMA' : 'VERSION_UNDERSTATED',
        semver: formatSemver(outcome.required),
        bump: outcome.requiredBump,
      };
  }
}

function refusalOf({ findings, missing }: SchemaCheck['review']): CheckResult['refusal'] {
  if (findings.some(({ severity }) => severity === 'error')) return 'LINT_REJECTED';
  return missing.length > 0 ? 'INVENTORY_DEMANDS' : null;
}
