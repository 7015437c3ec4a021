import { Problem } from '@spine/kernel/problem';
import { sql } from 'kysely';
import pg from 'pg';
import { type ChainedLeaf, type ChainHead, emptyChain } from '../domain/chain.ts';
import type { FinalLeaf } from '../domain/plan-append.ts';
import type { GovernanceDb, GovernanceTransaction } from './governance-tables.ts';

/** An entry as stored: the columns beside the body repeat what it says. */
export interface LedgerEntry {
  readonly seq: bigint;
  readonly batchId: string;
  readonly kind: string;
  readonly route: string;
  readonly sink: string;
  readonly systemId: string;
  readonly start: string;
  readonly end: string;
  readonly matrixVersion: number;
  readonly matrixDigest: string;
  readonly appendedAt: Date;
  readonly body: string;
  readonly prevHash: string;
  readonly hash: string;
}

const entryColumns = [
  'seq',
  'batch_id as batchId',
  'kind',
  'route',
  'sink',
  'system_id as systemId',
  'start_lsn as start',
  'end_lsn as end',
  'matrix_version as matrixVersion',
  'matrix_digest as matrixDigest',
  'appended_at as appendedAt',
  'body',
  'prev_hash as prevHash',
  'hash',
] as const;

/** Holds off other appends until the transaction ends: seq is gap-free and the chain has one end. */
export async function lockLedger(trx: GovernanceTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('governance.ledger', 0))`.execute(trx);
}

/** The end of the chain. */
export async function readChainHead(db: GovernanceDb): Promise<ChainHead & { readonly at: Date | null }> {
  const row = await db
    .selectFrom('ledger')
    .select(['seq', 'hash', 'appended_at as at'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? { ...emptyChain, at: null };
}

/** The final leaves of the given batches. */
export async function findFinalLeaves(
  db: GovernanceDb,
  batchIds: readonly string[],
): Promise<ReadonlyMap<string, FinalLeaf>> {
  if (batchIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('final_leaf')
    .innerJoin('ledger', 'ledger.seq', 'final_leaf.seq')
    .select([
      'final_leaf.batch_id as batchId',
      'ledger.seq as seq',
      'ledger.hash as hash',
      'ledger.body as body',
      'ledger.matrix_version as matrixVersion',
      'ledger.matrix_digest as matrixDigest',
    ])
    .where('final_leaf.batch_id', 'in', batchIds)
    .execute();
  return new Map(rows.map(({ batchId, ...final }) => [batchId, final]));
}

/** The final batch leaf that starts at a position, newest first; undefined when none does. */
export async function findLeafAfter(
  db: GovernanceDb,
  at: { readonly route: string; readonly sink: string; readonly after: string },
): Promise<{ readonly seq: bigint; readonly hash: string; readonly body: string } | undefined> {
  return await db
    .selectFrom('final_leaf')
    .innerJoin('ledger', 'ledger.seq', 'final_leaf.seq')
    .select(['ledger.seq as seq', 'ledger.hash as hash', 'ledger.body as body'])
    .where('final_leaf.kind', '=', 'batch')
    .where('final_leaf.route', '=', at.route)
    .where('final_leaf.sink', '=', at.sink)
    .where('final_leaf.start_lsn', '=', at.after)
    .orderBy('final_leaf.seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The final batch leaf over a position: the last one that starts there or before; undefined when none does. */
export async function findLeafOver(
  db: GovernanceDb,
  at: { readonly route: string; readonly sink: string; readonly position: string },
): Promise<{ readonly seq: bigint; readonly hash: string; readonly body: string } | undefined> {
  return await db
    .selectFrom('final_leaf')
    .innerJoin('ledger', 'ledger.seq', 'final_leaf.seq')
    .select(['ledger.seq as seq', 'ledger.hash as hash', 'ledger.body as body'])
    .where('final_leaf.kind', '=', 'batch')
    .where('final_leaf.route', '=', at.route)
    .where('final_leaf.sink', '=', at.sink)
    .where('final_leaf.start_lsn', '<=', at.position)
    .orderBy('final_leaf.start_lsn', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Entries in order, behind `after`. */
export async function listEntries(
  db: GovernanceDb,
  after: bigint,
  limit: number,
): Promise<readonly LedgerEntry[]> {
  return await db
    .selectFrom('ledger')
    .select(entryColumns)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/**
 * Writes entries and makes each the final leaf of its batch. Throws CONFLICT when another batch already has the final leaf
 * of the same position: the database holds one decision for each.
 */
export async function insertEntries(
  trx: GovernanceTransaction,
  entries: readonly ChainedLeaf[],
  replaced: readonly { readonly batchId: string }[],
  at: Date,
): Promise<void> {
  await trx
    .insertInto('ledger')
    .values(
      entries.map(({ seq, leaf, body, prevHash, hash }) => ({
        seq,
        batch_id: leaf.batchId,
        kind: leaf.kind,
        route: leaf.route,
        sink: leaf.sink,
        system_id: leaf.systemId,
        start_lsn: leaf.start,
        end_lsn: leaf.end,
        matrix_version: leaf.matrixVersion,
        matrix_digest: leaf.matrixDigest,
        appended_at: at,
        body,
        prev_hash: prevHash,
        hash,
      })),
    )
    .execute();
  if (replaced.length > 0) {
    await trx
      .deleteFrom('final_leaf')
      .where(
        'batch_id',
        'in',
        replaced.map(({ batchId }) => batchId),
      )
      .execute();
  }
  // Of a batch that stands twice in one request the later entry counts.
  const finals = new Map(entries.map((entry) => [entry.leaf.batchId, entry]));
  try {
    await trx
      .insertInto('final_leaf')
      .values(
        [...finals.values()].map(({ seq, leaf }) => ({
          batch_id: leaf.batchId,
          seq,
          kind: leaf.kind,
          route: leaf.route,
          sink: leaf.sink,
          system_id: leaf.systemId,
          start_lsn: leaf.start,
        })),
      )
      .execute();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.constraint !== 'final_leaf_position') throw error;
    throw new Problem('CONFLICT', 'another batch already has the final decision of this position', {
      fix: 'Ask GET /internal/leaves/next for the leaf that follows the checkpoint and form that batch again.',
      cause: error,
    });
  }
}
