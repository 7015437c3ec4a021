import type { Kysely, Transaction } from 'kysely';
import type { DeadLetterState, Resolution } from '../domain/dead-letter.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

/** A dead letter as people see it: where it stands and why, and nothing of the row. */
export interface ListedLetter {
  readonly id: bigint;
  readonly schema: string;
  readonly table: string;
  /** Text of the LSN of its commit. */
  readonly commitLsn: string;
  readonly ordinal: number;
  readonly state: DeadLetterState;
  readonly reason: string;
  readonly parkedAt: Date;
  readonly resolution: Resolution | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolvedReason: string | null;
}

/** Dead letters of a route in the order in which they were set aside, behind an id; of one state, or all that wait. */
export async function listDeadLetters(
  db: Db,
  route: string,
  page: { readonly state: DeadLetterState | null; readonly after: bigint | null; readonly limit: number },
): Promise<readonly ListedLetter[]> {
  const { state, after, limit } = page;
  return await db
    .selectFrom('dead_letter')
    .select([
      'id',
      'schema_name as schema',
      'table_name as table',
      'commit_lsn as commitLsn',
      'ordinal',
      'state',
      'reason',
      'created_at as parkedAt',
      'resolution',
      'resolved_at as resolvedAt',
      'resolved_by as resolvedBy',
      'resolved_reason as resolvedReason',
    ])
    .where('route', '=', route)
    .$if(state === null, (query) => query.where('state', '<>', 'resolved'))
    .$if(state !== null, (query) => query.where('state', '=', state ?? 'failed'))
    .$if(after !== null, (query) => query.where('id', '>', after ?? 0n))
    .orderBy('id')
    .limit(limit)
    .execute();
}
