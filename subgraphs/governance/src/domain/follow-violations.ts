import { type DecisionRecord, decisionId } from './decision-record.ts';
import { fingerprintOf, severityOf, type ViolationRecord } from './violation.ts';

/** What a stream of violations tells. */
export interface ViolationEvent {
  readonly type: 'raised' | 'updated';
  readonly violation: ViolationRecord;
}

export interface ViolationChanges {
  readonly opened: readonly ViolationRecord[];
  readonly updated: readonly ViolationRecord[];
  readonly events: readonly ViolationEvent[];
}

/** A repetition is told at most so often; what it counts is kept in between. */
export const announceEveryMs = 5_000;

/** The reason of a table that policy allows again and that waits for its copy: neither a breach nor its end. */
const waitsForCopy = 'cut_off_until_apply';

/**
 * Follows decisions, in order, from the violations that stand open: a denial opens one or is counted, an allowance of the
 * same route, sink and table ends them. A denial is told at once, a repetition now and then, an end at once.
 */
export function followViolations(
  standing: readonly ViolationRecord[],
  decisions: readonly DecisionRecord[],
  now: Date,
  newId: () => string,
): ViolationChanges {
  const open = new Map(standing.map((violation) => [violation.fingerprint, violation]));
  const before = new Set(standing.map((violation) => violation.id));
  const changed = new Map<string, ViolationRecord>();
  const told = new Map<string, ViolationEvent['type']>();
  const at = now.toISOString();

  const keep = (violation: ViolationRecord, tell: ViolationEvent['type'] | null): void => {
    const kept = tell === null ? violation : { ...violation, announcedAt: at };
    changed.set(kept.id, kept);
    if (kept.status === 'RESOLVED') open.delete(kept.fingerprint);
    else open.set(kept.fingerprint, kept);
    if (tell !== null && told.get(kept.id) !== 'raised') told.set(kept.id, tell);
  };

  for (const decision of decisions) {
    const same = [...open.values()].filter((violation) => isAbout(violation, decision));
    if (decision.verdict !== 'deny') {
      for (const violation of same) keep({ ...violation, status: 'RESOLVED', resolvedAt: at }, 'updated');
      continue;
    }
    if (decision.reason === waitsForCopy) {
      for (const violation of same) keep(counted(violation, decision, at), null);
      continue;
    }
    const standingOne = open.get(fingerprintOf(decision));
    if (standingOne === undefined) keep(opened(decision, at, newId()), 'raised');
    else {
      const silentMs = now.getTime() - Date.parse(standingOne.announcedAt);
      keep(counted(standingOne, decision, at), silentMs >= announceEveryMs ? 'updated' : null);
    }
  }
  const all = [...changed.values()];
  return {
    opened: all.filter((violation) => !before.has(violation.id)),
    updated: all.filter((violation) => before.has(violation.id)),
    events: all.flatMap((violation) => {
      const type = told.get(violation.id);
      return type === undefined ? [] : [{ type, violation }];
    }),
  };
}

function isAbout(violation: ViolationRecord, decision: DecisionRecord): boolean {
  return (
    violation.route === decision.route &&
    violation.sink === decision.sink &&
    violation.logicalName === decision.logicalName
  );
}

function opened(decision: DecisionRecord, at: string, id: string): ViolationRecord {
  return {
    id,
    fingerprint: fingerprintOf(decision),
    status: 'OPEN',
    severity: severityOf(decision),
    route: decision.route,
    source: decision.source,
    sink: decision.sink,
    sourceRegion: decision.sourceRegion,
    sinkRegion: decision.sinkRegion,
    dataset: decision.dataset,
    logicalName: decision.logicalName,
    dataClass: decision.dataClass,
    tags: decision.tags,
    reason: decision.reason,
    ruleIds: decision.ruleIds,
    firstDecisionId: decisionId(decision),
    lastDecisionId: decisionId(decision),
    openedAt: at,
    lastSeenAt: at,
    occurrences: 1,
    rowsWithheld: decision.rowsWithheld,
    announcedAt: at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    comment: null,
    resolvedAt: null,
  };
}

function counted(violation: ViolationRecord, decision: DecisionRecord, at: string): ViolationRecord {
  return {
    ...violation,
    lastDecisionId: decisionId(decision),
    lastSeenAt: at,
    occurrences: violation.occurrences + 1,
    rowsWithheld: violation.rowsWithheld + decision.rowsWithheld,
  };
}
