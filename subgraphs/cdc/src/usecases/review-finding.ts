import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Finding, Verdict } from '../domain/scan/finding.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { recordReview } from '../store/finding-reviews.ts';
import { findFinding, setVerdict } from '../store/findings.ts';

/**
 * Records what a person decided about a finding, once for a key. Approved, it is left alone for good; rejected, it is cut off
 * where quarantine is enforced, also one that was there at first contact. The last review holds.
 */
export async function reviewFinding(
  { database, clock }: { readonly database: Database<CdcTables>; readonly clock: Clock },
  review: {
    readonly id: bigint;
    readonly verdict: Verdict;
    readonly note: string;
    readonly principal: string;
    readonly idempotencyKey: string;
  },
): Promise<Finding> {
  const { id, verdict, note } = review;
  return await database.kysely.transaction().execute(async (trx) => {
    const finding = await findFinding(trx, id);
    if (finding === undefined) throw new Problem('NOT_FOUND', `there is no finding ${id}`, { path: 'id' });
    const known = await recordReview(trx, { ...review, findingId: id, at: clock.now() });
    if (known !== 'recorded') {
      if (known.findingId === id && known.verdict === verdict && known.note === note) return finding;
      throw new Problem('CONFLICT', 'this idempotency key was used for another request', {
        fix: 'Give every request a key of its own, and repeat a key only with the same request.',
        path: 'idempotencyKey',
      });
    }
    await setVerdict(trx, id, verdict);
    return { ...finding, state: 'reviewed', verdict };
  });
}
