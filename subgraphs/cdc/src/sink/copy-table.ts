import { pipeline } from 'node:stream/promises';
import { formatLsn } from '@spine/kernel/lsn';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { tableName } from './apply-statements.ts';
import { columnPlans } from './column-plan.ts';
import { transformCopy } from './copy-binary.ts';
import type { CopyInput } from './sink.ts';
import { type Fence, inTransaction, lockEpoch } from './sink-state.ts';

/**
 * Copies one table in one sink transaction: fence, empty, COPY, and the row that says it is complete. Progress is told while
 * rows pass; `beforeCommit` runs when all are in. Whatever throws, nothing stays.
 */
export async function copyTable(
  client: pg.Client,
  fence: Fence,
  input: CopyInput,
): Promise<{ readonly rows: bigint }> {
  const { schema, table } = input.table.relation;
  const target = tableName(schema, table);
  const plans = columnPlans(input.table);
  const names = plans.map((plan) => pg.escapeIdentifier(plan.name)).join(', ');
  let rows = 0;
  await inTransaction(client, async () => {
    await lockEpoch(client, fence);
    await client.query(`truncate ${target}`);
    const counting = transformCopy(plans, (more) => {
      rows += more;
      input.onProgress(rows);
    });
    const into = client.query(copyFrom(`copy ${target} (${names}) from stdin (format binary)`));
    await pipeline(input.rows, counting, into, { signal: input.signal });
    await client.query(
      `update _spine.route_table set state = 'complete', start_lsn = $4::pg_lsn, rows = $5::int8, contract_version = $6
       where route = $1 and schema_name = $2 and table_name = $3`,
      [fence.route, schema, table, formatLsn(input.startLsn), rows, input.table.contractVersion],
    );
    await input.beforeCommit(rows);
  });
  return { rows: BigInt(rows) };
}
