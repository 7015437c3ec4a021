import { invariant } from '@spine/kernel/invariant';
import type { Log } from '@spine/platform/log/create-log';
import type { DeliveredTable } from '../domain/delivery.ts';
import { type Relation, tableKey } from '../domain/relation.ts';
import { applyBatch } from './apply-batch.ts';
import type { SinkConnection } from './connect-sink.ts';
import { copyTable } from './copy-table.ts';
import { deleteMarks, findMarks, installMarks, markLetters, replayFenceStatement } from './letter-marks.ts';
import { prepareTable } from './prepare-table.ts';
import type { Checkpoint, Delivery, SinkSession, SinkTable } from './sink.ts';
import {
  advanceCheckpoint,
  commit,
  type Fence,
  followTimeline,
  forgetTable,
  initialiseCheckpoint,
} from './sink-state.ts';
import { createStatementNames } from './statement-names.ts';
import { obligationsOf, type TablePlan } from './table-plan.ts';

export interface PostgresSessionInput {
  readonly connection: SinkConnection;
  readonly fence: Fence;
  readonly checkpoint: Checkpoint | null;
  readonly tables: readonly SinkTable[];
  readonly log: Log;
}

/** A session on a connection that holds the route's lock and has raised its epoch. One thing at a time is done on it. */
export function createPostgresSession(input: PostgresSessionInput): SinkSession {
  const { connection, fence, log } = input;
  const { client } = connection;
  const names = createStatementNames();
  const plans = new WeakMap<Relation, TablePlan>();
  let stages = 0;
  let delivering = false;

  function planOf(table: DeliveredTable): TablePlan {
    const plan = plans.get(table.relation);
    // Rows must never leave by a plan that was made for other obligations.
    invariant(
      plan?.obligations === obligationsOf(table),
      `${tableKey(table.relation)} was prepared in the shape in which it is delivered`,
    );
    return plan;
  }

  function idle(): void {
    invariant(!delivering, 'a delivery is committed or rolled back before anything else is done');
  }

  function begun(): Delivery {
    delivering = true;
    return {
      check: checkConstraints,
      commit: () => end(() => commit(client)),
      rollback: () => end(() => client.query('rollback')),
    };
  }

  async function checkConstraints(): Promise<void> {
    await client.query('set constraints all immediate');
  }

  async function end(work: () => Promise<unknown>): Promise<void> {
    invariant(delivering, 'a delivery ends once');
    delivering = false;
    await work();
  }

  return {
    epoch: fence.epoch,
    checkpoint: input.checkpoint,
    tables: input.tables,
    async initialise(first) {
      idle();
      await initialiseCheckpoint(client, fence, first);
    },
    async followTimeline(timeline) {
      idle();
      await followTimeline(client, fence, timeline);
    },
    async prepareTable(table) {
      idle();
      stages += 1;
      plans.set(table.relation, await prepareTable(client, fence, table, `spine_stage_${stages}`));
    },
    async forgetTable(schema, table) {
      idle();
      await forgetTable(client, fence, schema, table);
    },
    async copyTable(copy) {
      idle();
      return await copyTable(client, fence, planOf(copy.table), copy);
    },
    takesParts: true,
    async deliver(batch) {
      idle();
      await applyBatch({ client, fence, batch, planOf, names, log });
      return begun();
    },
    replays: {
      async deliver(batch, letters) {
        idle();
        await applyBatch({ client, fence, batch, fenceText: replayFenceStatement, planOf, names, log });
        try {
          await markLetters(client, fence.route, letters);
          await checkConstraints();
        } catch (error) {
          await client.query('rollback').catch(() => undefined);
          throw error;
        }
        return begun();
      },
      async marked(letters) {
        idle();
        await installMarks(client);
        return await findMarks(client, fence.route, letters);
      },
      async unmark(letters) {
        idle();
        await deleteMarks(client, fence.route, letters);
      },
    },
    async advance(position) {
      idle();
      await advanceCheckpoint(client, fence, position);
    },
    close: () => connection.close(),
  };
}
