import { appendEvents } from '@spine/platform/stream/append-event';
import { decisionId, decisionsOf } from '../domain/decision-record.ts';
import { followViolations } from '../domain/follow-violations.ts';
import type { Leaf } from '../domain/leaf.ts';
import { type LeafResult, planAppend } from '../domain/plan-append.ts';
import { insertDecisions } from '../store/decisions.ts';
import { findFinalLeaves, insertEntries, lockLedger, readChainHead } from '../store/ledger.ts';
import { insertViolations, lockStandingViolations, updateViolation } from '../store/violations.ts';
import type { GovernanceDeps } from './governance-deps.ts';

/** What an append did, for answers and figures. */
export interface AppendOutcome {
  readonly results: readonly LeafResult[];
  readonly verdicts: readonly string[];
}

/**
 * Appends leaves, all in one transaction: chain entries, their decisions, the violations that these open, count or end, and
 * the events of both streams. When it returns they are durable; when it throws nothing was appended.
 */
export async function appendLeaves(deps: GovernanceDeps, leaves: readonly Leaf[]): Promise<AppendOutcome> {
  const { database, matrices, clock, newId } = deps;
  return await database.kysely.transaction().execute(async (trx) => {
    await lockLedger(trx);
    const active = await matrices.active(trx);
    const named = leaves.flatMap((leaf) => [leaf.batchId, leaf.supersedes ?? leaf.batchId]);
    const finals = await findFinalLeaves(trx, [...new Set(named)]);
    const plan = planAppend(await readChainHead(trx), active, finals, leaves);
    if (plan.appended.length === 0) return { results: plan.results, verdicts: [] };

    const now = clock.now();
    const regionOf = (kind: 'source' | 'sink', name: string): string | null =>
      (kind === 'source' ? active?.policy.sources : active?.policy.sinks)?.get(name)?.regionName ?? null;
    const decisions = plan.appended.flatMap((entry) => decisionsOf(entry, regionOf));
    await insertEntries(trx, plan.appended, plan.replaced, now);
    await insertDecisions(trx, decisions, plan.replaced);
    const standing = await lockStandingViolations(trx, decisions);
    const followed = followViolations(standing, decisions, now, newId);
    // Ends before beginnings: of one fingerprint only one violation stands.
    for (const violation of followed.updated) await updateViolation(trx, violation);
    await insertViolations(trx, followed.opened);

    // Last, and in the order of the streams' names: their locks are held until the commit.
    if (decisions.length > 0) await appendEvents(trx, 'decisions', decisions.map(decisionId));
    if (followed.events.length > 0) await appendEvents(trx, 'violations', followed.events);
    return { results: plan.results, verdicts: decisions.map((decision) => decision.verdict) };
  });
}
