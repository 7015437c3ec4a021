import { formatLsn, parseLsn } from '@spine/kernel/lsn';
import { z } from 'zod';
import type { Checkpoint, SinkTable } from '../sink.ts';
import type { CommittedRecord, KafkaDriver, KafkaRecord, TopicSettings } from './kafka-driver.ts';

/** A table whose snapshot stands complete in its topic. */
export interface TopicTable extends SinkTable {
  readonly topic: string;
}

/** What the log says of one route, up to a record of our own. */
export interface LoggedState {
  /** Place of that record: it rises from one take-over to the next. */
  readonly offset: bigint;
  readonly checkpoint: Checkpoint | null;
  readonly tables: readonly TopicTable[];
  /** Topics that other routes fill, and which does. */
  readonly taken: ReadonlyMap<string, string>;
}

/**
 * Where routes keep their state in Kafka: one partition, so that one offset orders all of it, compacted to the last record of
 * each key. Small segments keep what a take-over has to read short.
 */
export const checkpointTopic: TopicSettings = {
  name: '__spine.checkpoint',
  partitions: 1,
  replicationFactor: -1,
  config: {
    'cleanup.policy': 'compact',
    'segment.bytes': String(16 * 1024 * 1024),
    'segment.ms': String(10 * 60_000),
    'min.cleanable.dirty.ratio': '0.1',
  },
};

const lsn = z.string().transform(parseLsn);
const checkpointShape = z.object({
  lsn,
  changes: z.string().transform(BigInt),
  systemId: z.string(),
  timeline: z.number(),
  slot: z.string(),
});
const tableShape = z.object({
  topic: z.string(),
  schema: z.string(),
  table: z.string(),
  startLsn: lsn,
  rows: z.string().transform(BigInt),
  contractVersion: z.number(),
});
const nonceShape = z.object({ nonce: z.string() });

/** A route's position, written in the transaction that holds the records up to it. `epoch` says under which take-over. */
export function checkpointRecord(
  route: string,
  epoch: bigint,
  checkpoint: Omit<Checkpoint, 'updatedAt'>,
): KafkaRecord {
  const { lsn, changes, systemId, timeline, slot } = checkpoint;
  const value = {
    lsn: formatLsn(lsn),
    changes: String(changes),
    systemId,
    timeline,
    slot,
    epoch: String(epoch),
  };
  return stateRecord(route, value);
}

/** A table whose copy is complete. */
export function tableRecord(route: string, table: TopicTable): KafkaRecord {
  const { topic, schema, startLsn, rows, contractVersion } = table;
  const value = {
    topic,
    schema,
    table: table.table,
    startLsn: formatLsn(startLsn),
    rows: String(rows),
    contractVersion,
  };
  return stateRecord(tableKeyOf(route, schema, table.table), value);
}

/** A table whose copy no longer counts. */
export function forgottenTableRecord(route: string, schema: string, table: string): KafkaRecord {
  return stateRecord(tableKeyOf(route, schema, table), null);
}

/** The record by which a take-over finds itself in the log. */
export function takeOverRecord(route: string, nonce: string): KafkaRecord {
  return stateRecord(`epoch:${route}`, { nonce });
}

/** Reads what routes have committed, up to the take-over's own record. */
export async function readState(
  driver: KafkaDriver,
  route: string,
  nonce: string,
  signal: AbortSignal,
): Promise<LoggedState> {
  const latest = new Map<string, CommittedRecord>();
  let offset = 0n;
  const onRecord = (record: CommittedRecord): 'more' | 'enough' => {
    latest.set(record.key, record);
    if (record.key !== `epoch:${route}` || record.value === null) return 'more';
    if (nonceShape.parse(parseJson(record.value)).nonce !== nonce) return 'more';
    offset = record.offset;
    return 'enough';
  };
  await driver.readCommitted(checkpointTopic.name, onRecord, signal);

  const own = latest.get(route);
  const tables: TopicTable[] = [];
  const taken = new Map<string, string>();
  for (const { key, value } of latest.values()) {
    const [kind, owner] = key.split(':', 2);
    if (kind !== 'table' || owner === undefined || value === null) continue;
    const table = tableShape.parse(parseJson(value));
    if (owner === route) tables.push(table);
    else taken.set(table.topic, owner);
  }
  return { offset, checkpoint: own === undefined ? null : parseCheckpoint(own), tables, taken };
}

function parseCheckpoint({ value, timestampMs }: CommittedRecord): Checkpoint | null {
  if (value === null) return null;
  return { ...checkpointShape.parse(parseJson(value)), updatedAt: new Date(timestampMs) };
}

function parseJson(value: Buffer): unknown {
  return JSON.parse(value.toString('utf8'));
}

function tableKeyOf(route: string, schema: string, table: string): string {
  return `table:${route}:${schema}.${table}`;
}

function stateRecord(key: string, value: object | null): KafkaRecord {
  return {
    topic: checkpointTopic.name,
    partition: 0,
    key: Buffer.from(key, 'utf8'),
    value: value === null ? null : Buffer.from(JSON.stringify(value), 'utf8'),
    headers: {},
  };
}
