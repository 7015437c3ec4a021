import type { ProblemCode } from '@spine/kernel/problem-codes';

/** Exit codes of `spine`, stable and documented in docs/exit-codes.md. */
export const exitCodes = {
  good: 0,
  refused: 1,
  badUsage: 2,
  environment: 3,
  lint: 10,
  incompatible: 11,
  understated: 12,
  denied: 13,
  integrity: 14,
} as const;

const badUsage: ReadonlySet<ProblemCode> = new Set([
  'CONFIG_INVALID',
  'INPUT_INVALID',
  'UNKNOWN_KEY',
  'UNKNOWN_REGION',
  'NOT_SUPPORTED',
  'SECRET_MISSING',
  'OBLIGATION_INVALID',
  'SCHEMA_INVALID',
  'SCHEMA_TOO_COMPLEX',
  'REFERENCE_UNKNOWN',
  'PAYLOAD_TOO_LARGE',
]);
const environment: ReadonlySet<ProblemCode> = new Set([
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
  'PORT_BUSY',
  'SOURCE_UNREACHABLE',
  'SINK_UNREACHABLE',
  'POSTGRES_START_FAILED',
  'SCHEMA_NEWER_THAN_CODE',
]);

/** The exit code that a problem ends the command with. */
export function exitCodeOf(code: ProblemCode): number {
  if (badUsage.has(code)) return exitCodes.badUsage;
  if (environment.has(code)) return exitCodes.environment;
  switch (code) {
    case 'LINT_REJECTED':
      return exitCodes.lint;
    case 'INCOMPATIBLE_SCHEMA':
      return exitCodes.incompatible;
    case 'VERSION_UNDERSTATED':
      return exitCodes.understated;
    case 'DENIED_BY_RESIDENCY':
      return exitCodes.denied;
    case 'LEDGER_BROKEN':
      return exitCodes.integrity;
    default:
      return exitCodes.refused;
  }
}
