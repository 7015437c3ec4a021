import type { CompatibilityLevel } from './compatibility-level.ts';
import type { IncompatibilityKind } from './incompatibility.ts';
import type { Bump } from './semver.ts';

/** Who could not read whom: BACKWARD is the new schema over old data, FORWARD an old schema over new data. */
export const directions = ['BACKWARD', 'FORWARD'] as const;

export type Direction = (typeof directions)[number];

/** A breach against one or more published versions of the line. */
export interface ReportedIncompatibility {
  readonly direction: Direction;
  readonly kind: IncompatibilityKind;
  /** JSON pointer into the reader: the new schema if BACKWARD, the old one if FORWARD. */
  readonly path: string;
  readonly message: string;
  readonly versions: readonly number[];
}

/** What a check of a candidate against its line found. */
export interface CheckReport {
  readonly level: CompatibilityLevel;
  /** Whether the subject's level is kept. Always, where it is NONE. */
  readonly compatible: boolean;
  /** Whether the candidate reads the data of every version of the line. */
  readonly backward: boolean;
  /** Whether every version of the line reads the candidate's data. */
  readonly forward: boolean;
  /** The least bump that is honest. */
  readonly bump: Bump;
  readonly incompatibilities: readonly ReportedIncompatibility[];
}
