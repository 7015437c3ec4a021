import { Problem } from '@spine/kernel/problem';

/** A semantic version of a schema: majors are separate lines. */
export interface Semver {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** How much a version differs from the one before it in its line, mildest first. */
export const bumps = ['PATCH', 'MINOR', 'MAJOR'] as const;

export type Bump = (typeof bumps)[number];

/** Reads `1.2.3`; INPUT_INVALID for other texts, NOT_SUPPORTED for a pre-release or build. */
export function parseSemver(text: string): Semver {
  const [, major, minor, patch, rest] =
    /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})([-+].+)?$/.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) {
    throw new Problem('INPUT_INVALID', `${JSON.stringify(text)} is no semantic version`, {
      fix: 'give major.minor.patch, such as 1.4.0',
      path: '/version',
    });
  }
  if (rest !== undefined) {
    throw new Problem('NOT_SUPPORTED', 'pre-release and build versions are not supported in this version', {
      fix: `publish ${major}.${minor}.${patch}`,
      path: '/version',
    });
  }
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** `1.2.3`. */
export function formatSemver({ major, minor, patch }: Semver): string {
  return `${major}.${minor}.${patch}`;
}

/** Negative if `a` comes before `b`, 0 if they are equal. */
export function compareSemver(a: Semver, b: Semver): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** The version that follows by this bump. */
export function bumpSemver(from: Semver, bump: Bump): Semver {
  switch (bump) {
    case 'MAJOR':
      return { major: from.major + 1, minor: 0, patch: 0 };
    case 'MINOR':
      return { ...from, minor: from.minor + 1, patch: 0 };
    case 'PATCH':
      return { ...from, patch: from.patch + 1 };
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
