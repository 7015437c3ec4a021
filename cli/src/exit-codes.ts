import type { ProblemCode } from '@spine/kernel/problem-codes';

/** Exit codes of `spine`, stable and documented in docs/exit-codes.md. */
export const exitCodes = {
  good: 0,
  refused: 1,
  badUsage: 2,
  environment: 3,
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
  if (code === 'DENIED_BY_RESIDENCY') return exitCodes.denied;
  if (code === 'LEDGER_BROKEN') return exitCodes.integrity;
  return exitCodes.refused;
}
