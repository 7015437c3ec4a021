import { type QueryExecutorProvider, sql } from 'kysely';
import { assertStreamName } from './stream-name.ts';

/**
 * Removes the events appended before `before` and returns how many. A reader that had not seen them gets a gap that
 * says so.
 */
export async function cutEvents(db: QueryExecutorProvider, stream: string, before: Date): Promise<number> {
  assertStreamName(stream);
  const { rows } = await sql<{ removed: bigint | string }>`
    select stream_cut(${stream}, ${before}) as removed`.execute(db);
  return Number(rows[0]?.removed ?? 0);
}
