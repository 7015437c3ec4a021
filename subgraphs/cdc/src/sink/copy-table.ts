import { Readable } from 'node:stream';
import { formatLsn } from '@spine/kernel/lsn';
import pg from 'pg';
import { copyInto } from './copy-into.ts';
import { governCopy } from './govern-copy.ts';
import { type CopyInput, FencedOut } from './sink.ts';
import { type Fence, inTransaction, lockEpoch } from './sink-state.ts';
import type { TablePlan } from './table-plan.ts';

/**
 * Fills one table in one transaction. The epoch is looked at before the first row and locked after the last: a long copy must
 * not keep another worker from raising it, and nothing is committed under an epoch that was raised meanwhile.
 */
export async function copyTable(
  client: pg.Client,
  fence: Fence,
  plan: TablePlan,
  input: CopyInput,
): Promise<{ readonly rows: bigint }> {
  try {
    input.signal.throwIfAborted();
    return await inTransaction(client, () => fillTable(client, fence, plan, input));
  } finally {
    // Rows that nobody reads to their end would keep the source's connection.
    if (input.rows instanceof Readable) input.rows.destroy();
  }
}

async function fillTable(
  client: pg.Client,
  fence: Fence,
  plan: TablePlan,
  input: CopyInput,
): Promise<{ readonly rows: bigint }> {
  const { relation, contractVersion } = input.table;
  const { rowCount } = await client.query(
    'select from _spine.checkpoint where route = $1 and epoch = $2::int8',
    [fence.route, String(fence.epoch)],
  );
  if (rowCount !== 1) throw new FencedOut(fence.route);
  const { rowCount: filled } = await client.query(`select from ${plan.target} limit 1`);
  if (filled !== 0) await client.query(`truncate ${plan.target}`);
  const columns = plan.columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  const rows = await copyInto(
    client,
    `copy ${plan.target} (${columns}) from stdin (format binary)`,
    governCopy(
      chunksOf(input.rows, input.signal),
      plan.columns.map(({ transform }) => transform),
      input.onProgress,
    ),
  );
  await lockEpoch(client, fence);
  await client.query(
    `insert into _spine.route_table as known
         (route, schema_name, table_name, start_lsn, state, rows, contract_version)
       values ($1, $2, $3, $4, 'complete', $5, $6)
       on conflict (route, schema_name, table_name) do update
       set start_lsn = excluded.start_lsn, state = excluded.state, rows = excluded.rows,
           contract_version = excluded.contract_version`,
    [fence.route, relation.schema, relation.table, formatLsn(input.startLsn), rows, contractVersion],
  );
  await input.beforeCommit(rows);
  input.signal.throwIfAborted();
  return { rows: BigInt(rows) };
}

/** Chunks until the signal aborts; leaving early closes the stream, which ends the copy at the source. */
async function* chunksOf(rows: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<Buffer | string> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  aborted.catch(() => undefined);
  const iterator = rows[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    // It may hang on a source that no longer answers; nobody waits for it.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
