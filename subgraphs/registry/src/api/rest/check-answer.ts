import { formatSemver } from '../../domain/semver.ts';
import type { Assessment } from '../../usecases/assess-schema.ts';

/**
 * What a check answers: whether publishing would be taken, under which number or from which one on, and why. `known` is the
 * version that says the same already, if there is one.
 */
export function toCheckAnswer(subject: string, { outcome, report }: Assessment) {
  const answer = { subject, report };
  switch (outcome.kind) {
    case 'known': {
      const { version, semver, bump } = outcome.version;
      return { ...answer, publishable: true, semver: formatSemver(semver), bump, known: version };
    }
    case 'numbered':
      return {
        ...answer,
        publishable: true,
        semver: formatSemver(outcome.semver),
        bump: outcome.bump,
        known: null,
      };
    default:
      return {
        ...answer,
        publishable: false,
        code: outcome.kind === 'incompatible' ? 'INCOMPATIBLE_SCHEMA' : 'VERSION_UNDERSTATED',
        semver: formatSemver(outcome.required),
        bump: report.bump,
        known: null,
      };
  }
}
