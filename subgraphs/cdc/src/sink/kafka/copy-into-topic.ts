import { addAbortSignal, Readable } from 'node:stream';
import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import { tableKey } from '../../domain/relation.ts';
import type { CopyInput } from '../sink.ts';
import { type RecordOrigin, snapshotRecord } from './change-records.ts';
import type { KafkaTransaction } from './kafka-driver.ts';
import { readCopyRows } from './read-copy-rows.ts';
import { createRecordSender } from './record-sender.ts';
import type { TopicPlan } from './topic-plan.ts';

/** Shorter than the time after which brokers end a transaction by themselves (`transactionMs` of the driver). */
const copyMs = 840_000;

/** Sends every row of a table's copy within the transaction; answers how many they were. */
export async function copyIntoTopic(input: {
  readonly transaction: KafkaTransaction;
  readonly plan: TopicPlan;
  readonly copy: Pick<CopyInput, 'rows' | 'onProgress' | 'signal'>;
  readonly origin: RecordOrigin;
  readonly clock: Clock;
}): Promise<number> {
  const { transaction, plan, copy, origin, clock } = input;
  const { rows, signal } = copy;
  signal.throwIfAborted();
  // A source that no longer answers must not hold a worker that is asked to drain.
  if (rows instanceof Readable) addAbortSignal(signal, rows);
  const startedAt = clock.now().getTime();
  const sender = createRecordSender(transaction);
  let count = 0;
  try {
    for await (const tuples of readCopyRows(rows)) {
      for (const tuple of tuples) {
        const sent = sender.add(snapshotRecord(plan, tuple, origin, count));
        if (sent !== undefined) await sent;
        count += 1;
      }
      copy.onProgress(count);
      if (clock.now().getTime() - startedAt > copyMs) throw tookTooLong(plan, count);
    }
    await sender.flush();
    return count;
  } finally {
    // Rows that nobody reads to their end would keep the source's connection.
    if (rows instanceof Readable) rows.destroy();
  }
}

function tookTooLong(plan: TopicPlan, rows: number): Problem {
  return new Problem(
    'SINK_TABLE_CONFLICT',
    `the first copy of ${tableKey(plan.relation)} is more than one Kafka transaction holds (${rows} rows in ${copyMs / 60_000} minutes)`,
    {
      fix: 'Leave the table out of this route, or copy it by other means; brokers end a transaction after 15 minutes.',
    },
  );
}
