import { Readable } from 'node:stream';
import type { Lsn } from '@spine/kernel/lsn';
import { systemClock } from '@spine/platform/clock';
import { createRecordingLog } from '@spine/testkit/recording-log';
import type { AvroRowEncoder } from '../../../domain/avro/encode-row.ts';
import type { Change, SourceTransaction } from '../../../domain/change.ts';
import { deliveredTable } from '../../../domain/delivered-table.ts';
import type { Batch, DeliveredTable } from '../../../domain/delivery.ts';
import { aColumn, aRelation } from '../../../domain/relation-builder.ts';
import { columnAt, columnKind, tupleOffsets } from '../../../domain/tuple.ts';
import { aTuple, int8 } from '../../../domain/tuple-builder.ts';
import type { CopyInput, Sink } from '../../sink.ts';
import type { KafkaDriver } from '../kafka-driver.ts';
import { createKafkaSink } from '../kafka-sink.ts';

// One table and its changes, for tests of what Kafka does with them: rows are encoded as text that a test can read.

export const orders = aRelation({
  identity: 'full',
  columns: [
    aColumn({ nullable: false }),
    aColumn({ name: 'note', typeOid: 25, typeText: 'text', typeCategory: 'S' }),
  ],
});
export const ordersTable = deliveredTable(orders, [], null, 1);

export const row = (id: number, note: string | 'unchanged' = ''): Buffer =>
  aTuple(int8(id), note === 'unchanged' ? 'unchanged' : Buffer.from(note));
export const insert = (id: number, note: string): Change => ({
  kind: 'insert',
  relation: orders,
  after: row(id, note),
});
export const update = (after: Buffer, before: Buffer | null): Change => ({
  kind: 'update',
  relation: orders,
  after,
  before,
  beforeKind: before === null ? null : 'O',
});
export const remove = (id: number): Change => ({
  kind: 'delete',
  relation: orders,
  before: row(id),
  beforeKind: 'O',
});

/** Each argument is a transaction. The batch ends where the last one does. */
export function aBatch(end: number, ...transactions: readonly (readonly Change[])[]): Batch {
  const first = end - transactions.length + 1;
  const made: readonly SourceTransaction[] = transactions.map((changes, index) => ({
    xid: index + 1,
    commitLsn: BigInt(first + index - 1) as Lsn,
    endLsn: BigInt(first + index) as Lsn,
    committedAtMs: 0,
    changes,
    bytes: 0,
  }));
  const changes = transactions.flat();
  return {
    id: `batch-${end}`,
    route: 'r',
    start: BigInt(first - 1) as Lsn,
    end: BigInt(end) as Lsn,
    tables: [{ table: ordersTable, changes }],
    changeCount: changes.length,
    transactions: made,
    matrixVersion: 7,
  };
}

export const firstPosition = { lsn: 1n as Lsn, systemId: '42', timeline: 1, slot: 'spine_r' };

/** A sink of one partition a topic, with an own `prefix` so that tests share a broker. */
export function topicSink(driver: KafkaDriver, route: string, prefix: string): Sink {
  return createKafkaSink({
    driver,
    route,
    topics: { prefix, partitions: 1, replicationFactor: 1, config: {} },
    bind: async ({ subject }) => (subject.endsWith('-key') ? 1 : 2),
    encoderOf: readableEncoder,
    clock: systemClock,
    log: createRecordingLog(),
  });
}

function readableEncoder(table: DeliveredTable): AvroRowEncoder {
  const text = (tuple: Buffer, columns: readonly number[]): Buffer => {
    const offsets = tupleOffsets(tuple);
    const values = columns.map((index) => {
      const { kind, start, end } = columnAt(tuple, offsets[index] ?? 0);
      if (kind === columnKind.null) return 'null';
      const isNumber = table.relation.columns[index]?.typeCategory === 'N';
      return isNumber ? String(tuple.readBigInt64BE(start)) : tuple.toString('utf8', start, end);
    });
    return Buffer.from(values.join(','));
  };
  const { key, columns } = table.relation;
  return {
    valueSchema: '"value"',
    keySchema: '"key"',
    encodeKey: (tuple) => text(tuple, key),
    encodeRow: (tuple) =>
      text(
        tuple,
        columns.map(({ index }) => index),
      ),
  };
}

/** COPY binary of rows of (id, note). */
export function copyOf(rows: readonly (readonly [number, string])[]): Buffer {
  const head = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const body = rows.map(([id, note]) =>
    Buffer.concat([Buffer.from([0, 2]), field(int8(id)), field(Buffer.from(note))]),
  );
  return Buffer.concat([head, ...body, Buffer.from([0xff, 0xff])]);
}

/** The copy of the table, with these rows at the source. */
export function aCopy(
  rows: readonly (readonly [number, string])[],
  beforeCommit: CopyInput['beforeCommit'] = async () => undefined,
): CopyInput {
  return {
    table: ordersTable,
    decision: { batchId: 'copy-1', matrixVersion: 7 },
    startLsn: 1n as Lsn,
    rows: Readable.from([copyOf(rows)]),
    onProgress: () => undefined,
    beforeCommit,
    signal: new AbortController().signal,
  };
}

/** Key and value of the first records of a topic, without their frames, as a consumer of committed records meets them. */
export async function readTopic(driver: KafkaDriver, topic: string, count: number): Promise<string[]> {
  const read: string[] = [];
  await driver.readCommitted(
    topic,
    ({ key, value }) => {
      read.push(`${key.slice(5)}=${value === null ? 'gone' : value.subarray(5).toString()}`);
      return read.length < count ? 'more' : 'enough';
    },
    AbortSignal.timeout(20_000),
  );
  return read;
}
