import { describe, expect, test } from 'vitest';
import type { CheckReport } from './check-report.ts';
import { defaultRules } from './check-rules.ts';
import { numberVersion } from './number-version.ts';
import { formatSemver, parseSemver } from './semver.ts';

function number(
  latest: string | undefined,
  requested: string | undefined,
  report: Partial<CheckReport> = {},
  last: string | null | undefined = latest,
  gone: readonly string[] = [],
): string {
  const numbering = numberVersion({
    latest: latest === undefined ? undefined : parseSemver(latest),
    last: last === undefined || last === null ? undefined : parseSemver(last),
    requested: requested === undefined ? undefined : parseSemver(requested),
    taken: [latest, last, ...gone].flatMap((text) => (text == null ? [] : [parseSemver(text)])),
    report: {
      level: 'FULL',
      ...defaultRules('strict'),
      affected: [],
      compatible: true,
      backward: true,
      forward: true,
      bump: 'MINOR',
      incompatibilities: [],
      ...report,
    },
  });
  return numbering.kind === 'numbered'
    ? `${formatSemver(numbering.semver)} ${numbering.bump}`
    : `${numbering.kind} ${formatSemver(numbering.required)} ${numbering.requiredBump}`;
}

const breach = { compatible: false, backward: false, bump: 'MAJOR' } as const;

test.each([
  ['the first version is 1.0.0', undefined, undefined, {}, '1.0.0 MAJOR'],
  ['the first version may ask for its number', undefined, '0.3.0', {}, '0.3.0 MAJOR'],
  ['a number follows by the bump', '1.2.3', undefined, {}, '1.3.0 MINOR'],
  ['a breach without a number is refused', '1.2.3', undefined, breach, 'incompatible 2.0.0 MAJOR'],
  ['a number may say more than it must', '1.2.3', '1.9.0', {}, '1.9.0 MINOR'],
  ['a number that says too little is refused', '1.2.3', '1.2.4', {}, 'understated 1.3.0 MINOR'],
  ['a number that was passed is refused', '1.2.3', '1.2.3', { bump: 'PATCH' }, 'understated 1.2.4 PATCH'],
  [
    'NONE numbers a breach by itself',
    '1.2.3',
    undefined,
    { ...breach, level: 'NONE', compatible: true },
    '2.0.0 MAJOR',
  ],
  [
    'NONE takes any new number',
    '1.2.3',
    '1.2.4',
    { ...breach, level: 'NONE', compatible: true },
    '1.2.4 PATCH',
  ],
  ['NONE takes no old number', '1.2.3', '1.2.3', { level: 'NONE' }, 'understated 1.2.4 PATCH'],
] as const)('%s', (_what, latest, requested, report, expected) => {
  expect(number(latest, requested, report)).toBe(expected);
});

test('an older line goes on under its own numbers', () => {
  expect(number('2.1.0', '1.5.0', {}, '1.4.2')).toBe('1.5.0 MINOR');
  expect(number('2.1.0', '1.5.0', breach, '1.4.2')).toBe('understated 3.0.0 MAJOR');
});

test('a number ahead of all others opens a line, and one behind them does not', () => {
  expect(number('1.2.3', '2.0.0', { bump: 'MAJOR' }, null)).toBe('2.0.0 MAJOR');
  expect(number('3.0.0', '2.0.0', { bump: 'MAJOR' }, null)).toBe('understated 4.0.0 MAJOR');
});

describe('pre-releases', () => {
  test.each([
    ['tries the number that the change demands', '1.3.0-rc.1', {}, '1.3.0-rc.1 MINOR'],
    ['may try a greater one', '2.0.0-alpha', {}, '2.0.0-alpha MAJOR'],
    ['may not try one that says too little', '1.2.4-rc.1', {}, 'understated 1.3.0 MINOR'],
    ['may not try what was released', '1.2.3-rc.1', { bump: 'PATCH' }, 'understated 1.2.4 PATCH'],
  ] as const)('a pre-release %s', (_what, requested, report, expected) => {
    expect(number('1.2.3', requested, report, requested.startsWith('2') ? null : '1.2.3')).toBe(expected);
  });

  test('a release follows the releases before it, not the trials of it', () => {
    expect(number('1.2.3', undefined, {}, '1.2.3', ['1.3.0-rc.1', '1.3.0-rc.2'])).toBe('1.3.0 MINOR');
  });
});

describe('a number that was given once is never given again', () => {
  test.each([
    ['by a bump', '1.0.0', undefined, {}, ['1.1.0', '1.2.0'], '1.3.0 MINOR'],
    ['by a patch', '1.2.3', undefined, { bump: 'PATCH' }, ['1.2.4', '1.3.0'], '1.2.5 PATCH'],
    ['to a breach', '1.0.0', undefined, breach, ['2.0.0'], 'incompatible 3.0.0 MAJOR'],
    ['to who asks for it', '1.0.0', '1.1.0', {}, ['1.1.0'], 'understated 1.2.0 MINOR'],
  ] as const)('%s', (_what, latest, requested, report, gone, expected) => {
    expect(number(latest, requested, report, latest, gone)).toBe(expected);
  });

  test('not even when all versions are gone', () => {
    expect(number(undefined, undefined, {}, null, ['1.0.0', '1.1.0'])).toBe('2.0.0 MAJOR');
    expect(number(undefined, '1.1.0', {}, null, ['1.0.0', '1.1.0'])).toBe('understated 2.0.0 MAJOR');
    expect(number(undefined, undefined, {}, null, ['1.0.0-rc.1'])).toBe('1.0.0 MAJOR');
  });
});
