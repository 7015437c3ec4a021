import { once } from 'node:events';
import { formatLsn } from '@spine/kernel/lsn';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Batch } from '../domain/delivery.ts';
import {
  fenceStatement,
  type Guard,
  putFromStage,
  type Statement,
  updateFromStage,
} from './apply-statements.ts';
import { type StagedPut, tableWork } from './apply-table.ts';
import { copyBinaryOf } from './copy-binary.ts';
import { type Delivery, FencedOut } from './sink.ts';
import { commit, type Fence } from './sink-state.ts';

/**
 * Applies one batch in one transaction: begin, fence, then the statements of each table, sent without waiting for each
 * other's answers. Nothing is visible before `commit` of the delivery; a worker whose epoch is over gets FencedOut.
 */
export async function deliver(client: pg.Client, fence: Fence, batch: Batch): Promise<Delivery> {
  const guard: Guard = { ...fence, lsn: formatLsn(batch.end) };
  const rollback = async () => void (await client.query('rollback'));
  try {
    const sent: Promise<unknown>[] = [client.query('begin')];
    const fenced = client.query({ ...mutable(fenceStatement(guard, batch.changeCount)) });
    sent.push(fenced);
    for (const table of batch.tables) {
      for (const work of tableWork(table, guard)) {
        switch (work.kind) {
          case 'statement':
            sent.push(client.query(mutable(work.statement)));
            break;
          case 'truncate':
            // Cannot carry the guard: what was sent so far must have answered first.
            await answered(sent);
            await requireFence(fenced, fence);
            await client.query(`truncate ${work.table}`);
            break;
          case 'stage':
            await answered(sent);
            await requireFence(fenced, fence);
            await putStaged(client, work.table, work.put, guard);
            break;
        }
      }
    }
    await answered(sent);
    await requireFence(fenced, fence);
  } catch (error) {
    await rollback().catch(() => undefined);
    throw error;
  }
  return { commit: () => commit(client), rollback };
}

/** Waits for all, so that no answer comes later to nobody, and throws the first failure. */
async function answered(sent: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(sent.splice(0));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function requireFence(fenced: Promise<pg.QueryResult>, fence: Fence): Promise<void> {
  if ((await fenced).rowCount !== 1) throw new FencedOut(fence.route);
}

/** Columns that `unnest` would take apart go by COPY into a temporary table of the session, then by one statement. */
async function putStaged(client: pg.Client, table: string, put: StagedPut, guard: Guard): Promise<void> {
  const names = put.plans.map((plan) => `"${plan.name.replaceAll('"', '""')}"`).join(', ');
  await client.query('drop table if exists pg_temp.spine_stage');
  await client.query(
    `create temp table spine_stage on commit drop as select ${names} from ${table} with no data`,
  );
  const into = client.query(copyFrom(`copy pg_temp.spine_stage (${names}) from stdin (format binary)`));
  const finished = once(into, 'finish');
  into.end(copyBinaryOf(put.plans, put.rows));
  await finished;
  const statement = put.partial
    ? updateFromStage(table, 'pg_temp.spine_stage', put.plans, guard)
    : putFromStage(table, 'pg_temp.spine_stage', put.plans, guard);
  // The stage is another table each time: no plan of it is kept.
  if (statement !== null) await client.query({ text: statement.text, values: [...statement.values] });
}

function mutable(statement: Statement): { name: string; text: string; values: unknown[] } {
  return { name: statement.name, text: statement.text, values: [...statement.values] };
}
