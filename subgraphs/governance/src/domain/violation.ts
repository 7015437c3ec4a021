import { sha256Hex } from '@spine/kernel/canonical-json';
import type { DatasetName } from '@spine/kernel/table-ref';
import type { DecisionRecord } from './decision-record.ts';

export const violationStatuses = ['OPEN', 'ACKNOWLEDGED', 'RESOLVED'] as const;
export type ViolationStatus = (typeof violationStatuses)[number];

export const severities = ['CRITICAL', 'ERROR', 'WARNING', 'INFO'] as const;
export type Severity = (typeof severities)[number];

/** A breach of policy: one route, sink, rule, class and table, from the first denial until policy allows it. */
export interface ViolationRecord {
  readonly id: string;
  readonly fingerprint: string;
  readonly status: ViolationStatus;
  readonly severity: Severity;
  readonly route: string;
  readonly source: string;
  readonly sink: string;
  readonly sourceRegion: string | null;
  readonly sinkRegion: string | null;
  readonly dataset: DatasetName;
  readonly logicalName: string;
  readonly dataClass: string;
  readonly tags: readonly string[];
  readonly reason: string;
  readonly ruleIds: readonly string[];
  readonly firstDecisionId: string;
  readonly lastDecisionId: string;
  readonly openedAt: string;
  readonly lastSeenAt: string;
  /** Denied decisions so far, and the rows they withheld. */
  readonly occurrences: number;
  readonly rowsWithheld: number;
  /** When its last event was appended. */
  readonly announcedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly comment: string | null;
  readonly resolvedAt: string | null;
}

/** sha256(route | sink | rule | class | dataset): denials with the same one are the same violation. */
export function fingerprintOf(decision: DecisionRecord): string {
  const { route, sink, ruleIds, dataClass, logicalName } = decision;
  return sha256Hex([route, sink, ruleIds.join(','), dataClass, logicalName].join('|'));
}

/** How bad: by class, tagged fields at least an error; a class nobody knows is the worst. */
export function severityOf(decision: Pick<DecisionRecord, 'dataClass' | 'tags'>): Severity {
  switch (decision.dataClass) {
    case 'public':
      return decision.tags.length > 0 ? 'ERROR' : 'INFO';
    case 'internal':
      return decision.tags.length > 0 ? 'ERROR' : 'WARNING';
    case 'confidential':
      return 'ERROR';
    default:
      return 'CRITICAL';
  }
}
