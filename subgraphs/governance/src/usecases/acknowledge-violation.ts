import type { ViolationRecord } from '../domain/violation.ts';
import type { GovernanceTransaction } from '../store/governance-tables.ts';
import { lockViolation, updateViolation } from '../store/violations.ts';

export type AcknowledgeOutcome =
  | { readonly kind: 'acknowledged'; readonly violation: ViolationRecord; readonly changed: boolean }
  | { readonly kind: 'not-found' };

/** Records who has seen a violation, with a comment. One that is acknowledged or resolved already keeps its record. */
export async function acknowledgeViolation(
  trx: GovernanceTransaction,
  input: { readonly id: string; readonly comment: string; readonly by: string },
  at: Date,
): Promise<AcknowledgeOutcome> {
  const violation = await lockViolation(trx, input.id);
  if (violation === undefined) return { kind: 'not-found' };
  if (violation.status !== 'OPEN') return { kind: 'acknowledged', violation, changed: false };
  const time = at.toISOString();
  const acknowledged: ViolationRecord = {
    ...violation,
    status: 'ACKNOWLEDGED',
    acknowledgedAt: time,
    acknowledgedBy: input.by,
    comment: input.comment,
    announcedAt: time,
  };
  await updateViolation(trx, acknowledged);
  return { kind: 'acknowledged', violation: acknowledged, changed: true };
}
