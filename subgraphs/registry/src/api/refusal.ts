import { unreachable } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { CheckReport } from '../domain/check-report.ts';
import { counts } from '../domain/check-rules.ts';
import { demandsOf } from '../domain/compatibility-level.ts';
import { formatSemver, type Semver } from '../domain/semver.ts';
import type { PublishRefusal } from '../usecases/publish-schema.ts';

/** A refusal that comes of a check. */
type CheckRefusal = Extract<PublishRefusal, { readonly report: CheckReport }>;

/** A refusal as the problem that REST answers with. Of a check: 409, with the bump and the number that would do and the whole report. */
export function refusalProblem(subject: string, refusal: PublishRefusal): Problem {
  switch (refusal.kind) {
    case 'incompatible':
    case 'understated': {
      const { requiredBump, report } = refusal;
      return new Problem(
        refusal.kind === 'incompatible' ? 'INCOMPATIBLE_SCHEMA' : 'VERSION_UNDERSTATED',
        refusalText(subject, refusal),
        {
          fix: refusalFix(refusal),
          extensions: {
            subject,
            required: requiredBump,
            requiredVersion: formatSemver(refusal.required),
            report,
          },
        },
      );
    }
    case 'lint_rejected': {
      const errors = refusal.findings.filter(({ severity }) => severity === 'error');
      const [first] = errors;
      const more = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
      return new Problem('LINT_REJECTED', `${first?.message ?? 'lint'} (${first?.rule ?? ''})${more}`, {
        fix: 'correct what is found, or have a steward set the rule to warning or off for the subject',
        ...(first !== undefined && { path: first.path }),
        extensions: { subject, findings: refusal.findings },
      });
    }
    case 'inventory_demands':
      return new Problem(
        'INVENTORY_DEMANDS',
        `${subject}: ${refusal.missing.map(({ message }) => message).join('; ')}`,
        {
          fix: 'publish with the tags, the class and the retention that the inventory names',
          extensions: { subject, missing: refusal.missing },
        },
      );
    case 'id_taken':
      return new Problem('CONFLICT', `the schema id ${refusal.id} stands for another content`, {
        fix: 'import under the id that the content has, or under a free one',
        path: '/id',
      });
    case 'position_taken':
      return new Problem('CONFLICT', `${subject} has a version ${refusal.position} already`, {
        fix: 'import under a free position',
        path: '/version',
      });
    default:
      return unreachable(refusal);
  }
}

/** What a refusal says, with the first breach in words and who would break. */
export function refusalText(subject: string, { kind, required, requiredBump, report }: CheckRefusal): string {
  const demands = demandsOf(report.level);
  // A direction that the level does not ask for explains nothing, unless there is no other.
  const breaches = report.incompatibilities.filter((each) => counts(report, each));
  const first =
    breaches.find(({ direction }) => (direction === 'BACKWARD' ? demands.backward : demands.forward)) ??
    breaches[0];
  const breach =
    first === undefined ? '' : `: ${first.message} (${first.kind} at ${first.path || 'the root'})`;
  const names = report.affected.map(({ role, name }) => `${role.toLowerCase()} ${name}`);
  const affected = names.length === 0 ? '' : `; it would break ${names.join(', ')}`;
  const needed = `${requiredBump}, at least ${formatSemver(required)}`;
  return kind === 'incompatible'
    ? `the schema breaks ${report.level} of ${subject}${breach}${affected}`
    : `the version understates the change: ${subject} needs ${needed}${breach}${affected}`;
}

function refusalFix({ kind, required }: { readonly kind: string; readonly required: Semver }): string {
  const number = formatSemver(required);
  return kind === 'incompatible'
    ? `change the schema so that the report is empty, or open a new line by asking for version ${number}`
    : `ask for version ${number} or a later one`;
}
