import { invariant } from '@spine/kernel/invariant';
import { sql, type Transaction } from 'kysely';
import { assertStreamName } from './stream-name.ts';

/**
 * Appends items to a stream and returns the seq of the last one. Call it as the transaction's last statement: from
 * here to commit no one else appends to the stream, which is what makes seq order commit order. A transaction that
 * appends to several streams does so in the order of their names, or two of them may deadlock. Items must be JSON.
 */
export async function appendEvents<DB>(
  trx: Transaction<DB>,
  stream: string,
  items: readonly unknown[],
): Promise<bigint> {
  assertStreamName(stream);
  invariant(items.length > 0, `append to ${stream} of nothing`);
  const { rows } = await sql<{ seq: bigint | string }>`
    select stream_append(${stream}, ${JSON.stringify(items)}::jsonb) as seq`.execute(trx);
  const [row] = rows;
  invariant(row !== undefined, 'stream_append returned no row');
  return BigInt(row.seq);
}
