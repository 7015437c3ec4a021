import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Batch, DeliveredTable } from '../../domain/delivery.ts';
import { type Relation, tableKey } from '../../domain/relation.ts';
import { type Checkpoint, FencedOut, type SinkSession } from '../sink.ts';
import { obligationsOf } from '../table-plan.ts';
import { placedChanges } from './change-places.ts';
import { changeRecords, type RecordOrigin } from './change-records.ts';
import { checkpointRecord, forgottenTableRecord, type LoggedState, tableRecord } from './checkpoint-log.ts';
import { copyIntoTopic } from './copy-into-topic.ts';
import {
  type KafkaProducer,
  type KafkaRecord,
  type KafkaTransaction,
  ProducerFenced,
  RecordTooLarge,
} from './kafka-driver.ts';
import { createRecordSender } from './record-sender.ts';
import { RowRefused, TableRefused } from './refusals.ts';
import type { TopicPlan } from './topic-plan.ts';

export interface KafkaSessionInput {
  readonly producer: KafkaProducer;
  readonly route: string;
  readonly state: LoggedState;
  readonly planTable: (table: DeliveredTable) => Promise<TopicPlan>;
  readonly clock: Clock;
  readonly log: Log;
  readonly close: () => Promise<void>;
}

type Position = Omit<Checkpoint, 'updatedAt'>;

/**
 * A session of the route's only producer. What it commits, it commits with the route's position; what came of a commit that was
 * not answered is for the next take-over to read, so this session ends with it.
 */
export function createKafkaSession(input: KafkaSessionInput): SinkSession {
  const { producer, route, state, planTable, clock, log } = input;
  const epoch = state.offset + 1n;
  const plans = new WeakMap<Relation, TopicPlan>();
  let position: Position | null = state.checkpoint;
  let delivering = false;
  let over = false;

  function planOf(table: DeliveredTable): TopicPlan {
    const plan = plans.get(table.relation);
    // Rows must never leave by a plan that was made for other obligations.
    invariant(
      plan?.obligations === obligationsOf(table),
      `${tableKey(table.relation)} was prepared in the shape in which it is delivered`,
    );
    return plan;
  }

  function positionNow(): Position {
    invariant(position !== null, 'a route has its first position before anything is delivered');
    return position;
  }

  async function begin(): Promise<KafkaTransaction> {
    invariant(!delivering, 'a delivery is committed or rolled back before anything else is done');
    if (over) throw outcomeUnknown();
    return await ours(producer.begin());
  }

  /** Tells what ends the session: a producer that lost its right, or that can no longer say what became of a transaction. */
  async function ours<T>(work: Promise<T>): Promise<T> {
    return await work.catch((error: unknown) => {
      if (error instanceof ProducerFenced) {
        over = true;
        throw new FencedOut(route);
      }
      if (error instanceof RecordTooLarge) {
        throw new RowRefused('a record is larger than the brokers take (max.message.bytes of its topic)', {
          cause: error,
        });
      }
      throw error;
    });
  }

  async function commit(transaction: KafkaTransaction, records: readonly KafkaRecord[]): Promise<void> {
    try {
      // Last of all: other routes read the same partition, and wait there for every transaction that is open in it.
      await ours(transaction.send(records));
    } catch (error) {
      await abort(transaction);
      throw error;
    }
    await ours(transaction.commit()).catch((error: unknown) => {
      over = true;
      throw error instanceof FencedOut ? error : outcomeUnknown(error);
    });
  }

  async function abort(transaction: KafkaTransaction): Promise<void> {
    await transaction.abort().catch((error: unknown) => {
      // Nothing of it can become visible: the next producer of the route aborts it.
      over = true;
      log.warn({ event: 'sink.abort_unanswered', route, err: error });
    });
  }

  async function commitPosition(next: Position): Promise<void> {
    await commit(await begin(), [checkpointRecord(route, epoch, next)]);
    position = next;
  }

  function originOf(decisionId: string | undefined, matrixVersion: number | undefined): RecordOrigin {
    const { systemId, timeline, slot } = positionNow();
    invariant(decisionId !== undefined && matrixVersion !== undefined, 'records name their decision');
    return { route, systemId, timeline, slot, decisionId, policyVersion: String(matrixVersion) };
  }

  async function sendBatch(transaction: KafkaTransaction, batch: Batch): Promise<void> {
    const origin = originOf(batch.id, batch.matrixVersion);
    const sender = createRecordSender(transaction);
    for await (const { table, changes, placeOf } of placedChanges(batch)) {
      const plan = planOf(table);
      for (const change of changes) {
        for (const record of changeRecords(plan, change, origin, placeOf(change))) {
          const sent = sender.add(record);
          if (sent !== undefined) await sent;
        }
      }
    }
    await sender.flush();
  }

  return {
    epoch,
    checkpoint: state.checkpoint,
    tables: state.tables,
    // Readers of uncommitted records see a record as soon as it is sent.
    leafFirst: true,
    takesParts: true,
    async initialise(first) {
      await commitPosition({ ...first, changes: 0n });
    },
    async followTimeline(timeline) {
      await commitPosition({ ...positionNow(), timeline });
    },
    async prepareTable(table) {
      plans.set(table.relation, await planTable(table));
    },
    async forgetTable(schema, table) {
      await commit(await begin(), [forgottenTableRecord(route, schema, table)]);
    },
    async copyTable(copy) {
      const plan = planOf(copy.table);
      const { schema, table } = plan.relation;
      const { startLsn } = copy;
      const origin = originOf(copy.decision?.batchId, copy.decision?.matrixVersion);
      const transaction = await begin();
      let rows: number;
      try {
        rows = await ours(copyIntoTopic({ transaction, plan, copy, origin, clock }));
        await copy.beforeCommit(rows);
        copy.signal.throwIfAborted();
      } catch (error) {
        await abort(transaction);
        throw error;
      }
      const { topic } = plan;
      const { contractVersion } = copy.table;
      const done = { topic, schema, table, startLsn, rows: BigInt(rows), contractVersion };
      await commit(transaction, [tableRecord(route, done)]);
      return { rows: BigInt(rows) };
    },
    async deliver(batch) {
      const transaction = await begin();
      try {
        await ours(sendBatch(transaction, batch));
      } catch (error) {
        await abort(transaction);
        // It stops its table; the reason has no value of a row in it, and says what to do.
        if (error instanceof TableRefused) {
          log.error({ event: 'sink.table_refused', route, reason: error.message });
        }
        throw error;
      }
      delivering = true;
      const next: Position = {
        ...positionNow(),
        lsn: batch.end,
        changes: positionNow().changes + BigInt(batch.changeCount),
      };
      return {
        async commit() {
          delivering = false;
          await commit(transaction, [checkpointRecord(route, epoch, next)]);
          position = next;
        },
        async rollback() {
          delivering = false;
          await abort(transaction);
        },
      };
    },
    async advance(lsn) {
      await commitPosition({ ...positionNow(), lsn });
    },
    close: input.close,
  };
}

function outcomeUnknown(cause?: unknown): Problem {
  return new Problem('SINK_UNREACHABLE', 'the brokers did not answer a commit, so its outcome is not known', {
    fix: 'The route takes the sink over again by itself and reads there what was committed; check that the brokers run.',
    ...(cause !== undefined && { cause }),
  });
}
