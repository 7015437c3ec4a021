import { expect, test } from 'vitest';
import { bumpBetween, bumpSemver, compareSemver, formatSemver, greaterBump, parseSemver } from './semver.ts';

test('a semantic version is read and written alike', () => {
  expect(formatSemver(parseSemver('1.20.3'))).toBe('1.20.3');
});

test.each([['1.2'], ['v1.2.3'], ['01.2.3'], ['1.2.3.4'], [''], ['9999999999.0.0']])(
  '%j is no version',
  (text) => {
    expect(() => parseSemver(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  },
);

test('a build is refused by name', () => {
  expect(() => parseSemver('1.4.0+7')).toThrow(expect.objectContaining({ code: 'NOT_SUPPORTED' }));
});

test('a pre-release is read and written alike', () => {
  expect(parseSemver('1.4.0-rc.1')).toEqual({ major: 1, minor: 4, patch: 0, prerelease: 'rc.1' });
  expect(formatSemver(parseSemver('1.4.0-x-y.7.z'))).toBe('1.4.0-x-y.7.z');
});

test.each([['1.4.0-'], ['1.4.0-rc..1'], ['1.4.0-01'], ['1.4.0-rc_1'], [`1.4.0-${'a'.repeat(200)}`]])(
  '%j is no pre-release',
  (text) => {
    expect(() => parseSemver(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  },
);

test('pre-releases stand in the order of Semantic Versioning 2.0.0, section 11', () => {
  const ordered = ['alpha', 'alpha.1', 'alpha.beta', 'beta', 'beta.2', 'beta.11', 'rc.1'].map(
    (prerelease) => `1.0.0-${prerelease}`,
  );
  ordered.push('1.0.0');
  const shuffled = ordered.toReversed().map(parseSemver).sort(compareSemver).map(formatSemver);
  expect(shuffled).toEqual(ordered);
});

test('versions compare by number, not by text', () => {
  expect(compareSemver(parseSemver('1.10.0'), parseSemver('1.9.9'))).toBeGreaterThan(0);
});

test.each([
  ['PATCH', '1.2.4'],
  ['MINOR', '1.3.0'],
  ['MAJOR', '2.0.0'],
] as const)('after 1.2.3 %s gives %s, and back', (bump, text) => {
  const from = parseSemver('1.2.3');
  expect(formatSemver(bumpSemver(from, bump))).toBe(text);
  expect(bumpBetween(from, parseSemver(text))).toBe(bump);
});

test('no bump is less than any', () => {
  expect(greaterBump(undefined, 'PATCH')).toBe('PATCH');
  expect(greaterBump('MAJOR', 'MINOR')).toBe('MAJOR');
  expect(greaterBump(undefined, undefined)).toBeUndefined();
});
