import { Problem } from '@spine/kernel/problem';
import type { CheckReport } from '../domain/check-report.ts';
import { formatSemver } from '../domain/semver.ts';
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
  const [first] = report.incompatibilities;
  const breach =
    first === undefined ? '' : `: ${first.message} (${first.kind} at ${first.path || 'the root'})`;
  return kind === 'incompatible'
    ? `the schema breaks ${report.level} of ${subject}${breach}`
    : `the version understates the change: ${subject} needs at least ${formatSemver(required)}${breach}`;
}

function refusalFix({
  kind,
  required,
}: {
  readonly kind: string;
  readonly required: PublishRequired;
}): string {
  const number = formatSemver(required);
  return kind === 'incompatible'
    ? `change the schema so that the report is empty, or open a new line by asking for version ${number}`
    : `ask for version ${number} or a later one`;
}

type PublishRequired = Extract<PublishOutcome, { readonly report: CheckReport }>['required'];
