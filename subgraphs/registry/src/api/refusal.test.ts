import { expect, test } from 'vitest';
import type { ReportedIncompatibility } from '../domain/check-report.ts';
import { defaultRules } from '../domain/check-rules.ts';
import type { CompatibilityLevel } from '../domain/compatibility-level.ts';
import { parseSemver } from '../domain/semver.ts';
import { refusalProblem } from './refusal.ts';

const breach = (
  direction: ReportedIncompatibility['direction'],
  message: string,
): ReportedIncompatibility => ({
  direction,
  kind: 'TYPE_MISMATCH',
  path: '',
  message,
  versions: [1],
});

const refused = (level: CompatibilityLevel) =>
  refusalProblem('orders', {
    kind: 'incompatible',
    required: parseSemver('2.0.0'),
    requiredBump: 'MAJOR',
    report: {
      level,
      ...defaultRules('strict'),
      affected: [{ role: 'CONSUMER', name: 'billing', version: 1, contact: null, why: 'cannot read it' }],
      compatible: false,
      backward: false,
      forward: false,
      bump: 'MAJOR',
      incompatibilities: [breach('BACKWARD', 'new over old'), breach('FORWARD', 'old over new')],
    },
  });

test('a refusal names the first breach of what the level demands', () => {
  expect(refused('FULL').message).toContain('new over old (TYPE_MISMATCH at the root)');
  expect(refused('FORWARD').message).toContain('old over new');
});

test('a refusal names who would break', () => {
  expect(refused('FULL').message).toContain('it would break consumer billing');
});

test('a refusal carries the bump and the number that would do, and says how to use it', () => {
  expect(refused('FULL')).toMatchObject({
    status: 409,
    fix: expect.stringContaining('2.0.0'),
    extensions: { subject: 'orders', required: 'MAJOR', requiredVersion: '2.0.0' },
  });
});
