import type { Axis, Policy, Profile } from './check-rules.ts';
import type { CompatibilityLevel } from './compatibility-level.ts';
import type { Incompatibility } from './incompatibility.ts';
import type { Bump } from './semver.ts';
import type { AffectedUsage } from './usage.ts';

/** Who could not read whom: BACKWARD is the new schema over old data, FORWARD an old schema over new data. */
export const directions = ['BACKWARD', 'FORWARD'] as const;

export type Direction = (typeof directions)[number];

/** A breach against one or more published versions of the line, with what it takes to believe it. */
export interface ReportedIncompatibility extends Incompatibility {
  readonly direction: Direction;
  /** JSON pointer into the reader: the new schema if BACKWARD, the old one if FORWARD. */
  readonly path: string;
  readonly versions: readonly number[];
}

/** What a check of a candidate against its line found. */
export interface CheckReport {
  readonly level: CompatibilityLevel;
  /** What counted as a breach. */
  readonly profile: Profile;
  readonly axes: readonly Axis[];
  readonly policy: Policy;
  /** Whether the subject's level is kept. Always, where it is NONE. */
  readonly compatible: boolean;
  /** Whether the candidate reads the data of every version of the line. */
  readonly backward: boolean;
  /** Whether every version of the line reads the candidate's data. */
  readonly forward: boolean;
  /** The least bump that is honest. */
  readonly bump: Bump;
  /** All that was found, both ways, whatever the level asks; a breach on an axis that does not count is told, too. */
  readonly incompatibilities: readonly ReportedIncompatibility[];
  /** The registered producers and consumers that would break, in any line. */
  readonly affected: readonly AffectedUsage[];
}
