import type { Kysely, Transaction } from 'kysely';
import type { Verdict } from '../domain/scan/finding.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

/** What somebody decided about a finding, and why. Reviews are added, never changed. */
export interface FindingReview {
  readonly findingId: bigint;
  readonly verdict: Verdict;
  readonly note: string;
  readonly principal: string;
  readonly at: Date;
}

export interface NewReview extends FindingReview {
  readonly idempotencyKey: string;
}

/** Records a review, once for a key: answers what stands under it when it was used before. */
export async function recordReview(db: Db, review: NewReview): Promise<'recorded' | FindingReview> {
  const inserted = await db
    .insertInto('finding_review')
    .values({
      finding_id: review.findingId,
      verdict: review.verdict,
      note: review.note,
      principal: review.principal,
      idempotency_key: review.idempotencyKey,
      at: review.at,
    })
    .onConflict((conflict) => conflict.columns(['principal', 'idempotency_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted !== undefined) return 'recorded';
  return await db
    .selectFrom('finding_review')
    .select(['finding_id as findingId', 'verdict', 'note', 'principal', 'at'])
    .where('principal', '=', review.principal)
    .where('idempotency_key', '=', review.idempotencyKey)
    .executeTakeFirstOrThrow();
}

/** The reviews of these findings, newest first. */
export async function listReviews(db: Db, findings: readonly bigint[]): Promise<readonly FindingReview[]> {
  if (findings.length === 0) return [];
  return await db
    .selectFrom('finding_review')
    .select(['finding_id as findingId', 'verdict', 'note', 'principal', 'at'])
    .where('finding_id', 'in', [...findings])
    .orderBy('id', 'desc')
    .execute();
}
