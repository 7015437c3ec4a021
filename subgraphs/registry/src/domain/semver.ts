import { Problem } from '@spine/kernel/problem';

/** A semantic version of a schema: majors are separate lines. */
export interface Semver {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `rc.1` of `1.4.0-rc.1`: a trial, which never becomes `latest` and binds nobody. */
  readonly prerelease?: string | undefined;
}

/** How much a version differs from the one before it in its line, mildest first. */
export const bumps = ['PATCH', 'MINOR', 'MAJOR'] as const;

export type Bump = (typeof bumps)[number];

const number = '(0|[1-9]\\d{0,8})';
const identifier = '(?:0|[1-9]\\d{0,8}|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const shape = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-(${identifier}(?:\\.${identifier})*))?(\\+.+)?$`,
);

/** Reads `1.2.3` and `1.4.0-rc.1` (Semantic Versioning 2.0.0); INPUT_INVALID for other texts, NOT_SUPPORTED for a build. */
export function parseSemver(text: string): Semver {
  const [, major, minor, patch, prerelease, build] = (text.length <= 128 && shape.exec(text)) || [];
  if (major === undefined || minor === undefined || patch === undefined) {
    throw new Problem('INPUT_INVALID', `${JSON.stringify(text.slice(0, 128))} is no semantic version`, {
      fix: 'give major.minor.patch, such as 1.4.0, or a pre-release of it, such as 1.4.0-rc.1',
      path: '/version',
    });
  }
  const semver = { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease };
  if (build !== undefined) {
    throw new Problem(
      'NOT_SUPPORTED',
      'build metadata is no part of a version: equal numbers must be equal',
      {
        fix: `publish ${formatSemver(semver)}`,
        path: '/version',
      },
    );
  }
  return prerelease === undefined ? coreOf(semver) : semver;
}

/** `1.2.3` or `1.4.0-rc.1`. */
export function formatSemver({ major, minor, patch, prerelease }: Semver): string {
  const core = `${major}.${minor}.${patch}`;
  return prerelease === undefined ? core : `${core}-${prerelease}`;
}

/** Negative if `a` comes before `b`, 0 if they are equal. A pre-release comes before the version that it tries. */
export function compareSemver(a: Semver, b: Semver): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

/** Whether the number is more than a trial. */
export function isRelease(semver: Semver): boolean {
  return semver.prerelease === undefined;
}

/** The number without its pre-release: what a trial tries. */
export function coreOf({ major, minor, patch }: Semver): Semver {
  return { major, minor, patch };
}

/** The version that follows by this bump. */
export function bumpSemver({ major, minor, patch }: Semver, bump: Bump): Semver {
  switch (bump) {
    case 'MAJOR':
      return { major: major + 1, minor: 0, patch: 0 };
    case 'MINOR':
      return { major, minor: minor + 1, patch: 0 };
    case 'PATCH':
      return { major, minor, patch: patch + 1 };
  }
}

/** The bump that `to` states over `from`. */
export function bumpBetween(from: Semver, to: Semver): Bump {
  if (to.major !== from.major) return 'MAJOR';
  return to.minor !== from.minor ? 'MINOR' : 'PATCH';
}

/** The greater of two bumps; undefined counts as none. */
export function greaterBump(a: Bump | undefined, b: Bump | undefined): Bump | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return bumps.indexOf(a) >= bumps.indexOf(b) ? a : b;
}

/** Semantic Versioning 2.0.0, section 11: numbers by size and before words, fewer parts before more. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const [as, bs] = [a.split('.'), b.split('.')];
  for (const [index, one] of as.entries()) {
    const other = bs[index];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && isOtherNumber) return Number(one) - Number(other);
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return -1;
}
