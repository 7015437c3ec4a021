import { Problem } from '@spine/kernel/problem';
import type { CheckReport } from '../domain/check-report.ts';
import { demandsOf } from '../domain/compatibility-level.ts';
import { formatSemver, type Semver } from '../domain/semver.ts';
import type { PublishOutcome } from '../usecases/publish-schema.ts';

/** A refusal as the problem that REST answers with: 409, with the number that would do and the whole report. */
export function refusalProblem(
  subject: string,
  outcome: Extract<PublishOutcome, { readonly report: CheckReport }>,
): Problem {
  const required = formatSemver(outcome.required);
  return new Problem(
    outcome.kind === 'incompatible' ? 'INCOMPATIBLE_SCHEMA' : 'VERSION_UNDERSTATED',
    refusalText(subject, outcome),
    { fix: refusalFix(outcome), extensions: { subject, required, report: outcome.report } },
  );
}

/** What a refusal says, with the first breach in words. */
export function refusalText(
  subject: string,
  { kind, required, report }: Extract<PublishOutcome, { readonly report: CheckReport }>,
): string {
  const demands = demandsOf(report.level);
  // A direction that the level does not ask for explains nothing, unless there is no other.
  const first =
    report.incompatibilities.find(({ direction }) =>
      direction === 'BACKWARD' ? demands.backward : demands.forward,
    ) ?? report.incompatibilities[0];
  const breach =
    first === undefined ? '' : `: ${first.message} (${first.kind} at ${first.path || 'the root'})`;
  return kind === 'incompatible'
    ? `the schema breaks ${report.level} of ${subject}${breach}`
    : `the version understates the change: ${subject} needs at least ${formatSemver(required)}${breach}`;
}

function refusalFix({ kind, required }: { readonly kind: string; readonly required: Semver }): string {
  const number = formatSemver(required);
  return kind === 'incompatible'
    ? `change the schema so that the report is empty, or open a new line by asking for version ${number}`
    : `ask for version ${number} or a later one`;
}
