import type { Sighting } from './sighting.ts';
import type { EndpointRef } from './watched-endpoint.ts';

/**
 * `baseline` was there at first contact and waits for a look; `open` came later and is nobody's that we know; `reviewed` has
 * somebody's verdict. Whether it is still there is told by `goneAt`: a finding that comes back stands where it stood.
 */
export type FindingState = 'baseline' | 'open' | 'reviewed';
export type Verdict = 'approved' | 'rejected';

/** What was done about a finding, or tried. */
export interface StepReport {
  readonly step: string;
  readonly outcome: 'done' | 'failed';
  /** Why it failed. */
  readonly reason: string | null;
}

/** Something that carries data away, or could, and is not in the register. */
export interface Finding extends Sighting {
  readonly id: bigint;
  readonly endpoint: EndpointRef;
  readonly state: FindingState;
  readonly verdict: Verdict | null;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** Since when it is not there any more; null while it is. */
  readonly goneAt: Date | null;
  /** What quarantine does about it; in shadow mode, what it would do. */
  readonly steps: readonly string[];
  readonly actedAt: Date | null;
  readonly reports: readonly StepReport[];
}

/** Whether quarantine may act: found after first contact and not reviewed yet, or rejected by a person; and still there. */
export function isActionable({
  state,
  verdict,
  goneAt,
}: Pick<Finding, 'state' | 'verdict' | 'goneAt'>): boolean {
  return goneAt === null && (state === 'open' || (state === 'reviewed' && verdict === 'rejected'));
}
