import { createHash } from 'node:crypto';
import { invariant } from '@spine/kernel/invariant';
import { formatLsn } from '@spine/kernel/lsn';
import type { Change } from '../../domain/change.ts';
import type { ChangePlace } from '../../domain/dead-letter.ts';
import { fillUnchanged } from '../../domain/fill-unchanged.ts';
import { tableKey } from '../../domain/relation.ts';
import { hasUnchanged } from '../../domain/tuple.ts';
import { choosePartition } from './choose-partition.ts';
import { frame } from './confluent-frame.ts';
import type { KafkaRecord } from './kafka-driver.ts';
import { TableRefused } from './refusals.ts';
import type { TopicPlan } from './topic-plan.ts';

type Operation = 'insert' | 'update' | 'delete' | 'snapshot';

/** What the records of a batch have in common. Headers hold positions and names, no value of a row. */
export interface RecordOrigin {
  readonly route: string;
  /** Where the positions count: a position of another server or slot is another position. */
  readonly systemId: string;
  readonly timeline: number;
  readonly slot: string;
  readonly decisionId: string;
  readonly policyVersion: string;
}

/**
 * The records of one change, in order: the row under its key, a tombstone for a delete, and for a change of the key a tombstone
 * of the old one first. Throws TableRefused for what a topic cannot tell.
 */
export function changeRecords(
  plan: TopicPlan,
  change: Change,
  origin: RecordOrigin,
  place: ChangePlace,
): readonly KafkaRecord[] {
  const { encoder } = plan;
  const headers = (op: Operation) => headersOf(plan, origin, op, place);
  switch (change.kind) {
    case 'insert':
      return [rowRecord(plan, change.after, headers('insert'), place.ordinal)];
    case 'delete':
      return [tombstone(plan, encoder.encodeKey(change.before), headers('delete'))];
    case 'update': {
      const { before, beforeKind } = change;
      const after = wholeRow(plan, change);
      const row = rowRecord(plan, after, headers('update'), place.ordinal);
      if (before === null || beforeKind === null) return [row];
      const oldKey = encoder.encodeKey(before);
      if (oldKey.equals(encoder.encodeKey(after))) return [row];
      return [tombstone(plan, oldKey, headers('delete')), row];
    }
    case 'truncate':
      throw new TableRefused(
        `${tableKey(plan.relation)} was truncated, which a topic cannot tell: its consumers would keep every row`,
      );
  }
}

/** The record of a row of a table's first copy; `turn` spreads rows without a key. */
export function snapshotRecord(
  plan: TopicPlan,
  tuple: Buffer,
  origin: RecordOrigin,
  turn: number,
): KafkaRecord {
  const headers = {
    'spine-route': origin.route,
    'spine-op': 'snapshot',
    'spine-decision-id': origin.decisionId,
    'spine-policy-version': origin.policyVersion,
  };
  return rowRecord(plan, tuple, headers, turn);
}

/** The row with every value: a record replaces the one before it, so what was not sent must be found in the old row. */
function wholeRow(plan: TopicPlan, change: Extract<Change, { kind: 'update' }>): Buffer {
  const { after, before, beforeKind } = change;
  if (!hasUnchanged(after)) return after;
  const whole = before !== null && beforeKind === 'O' ? fillUnchanged(after, before, () => true) : after;
  if (!hasUnchanged(whole)) return whole;
  const table = tableKey(plan.relation);
  throw new TableRefused(
    `${table}: an update left a large value as it was, so the source did not send it, and a record needs the whole row; run at the source: alter table ${table} replica identity full`,
  );
}

function rowRecord(
  plan: TopicPlan,
  tuple: Buffer,
  headers: KafkaRecord['headers'],
  turn: number,
): KafkaRecord {
  const { topic, partitions, encoder, keySchemaId, valueSchemaId } = plan;
  const key = keySchemaId === null ? null : frame(keySchemaId, encoder.encodeKey(tuple));
  const value = frame(valueSchemaId, encoder.encodeRow(tuple));
  return { topic, partition: choosePartition(key, partitions, turn), key, value, headers };
}

function tombstone(plan: TopicPlan, avroKey: Buffer, headers: KafkaRecord['headers']): KafkaRecord {
  const { topic, partitions, keySchemaId } = plan;
  invariant(keySchemaId !== null, `a table without a key sends inserts only: ${tableKey(plan.relation)}`);
  const key = frame(keySchemaId, avroKey);
  return { topic, partition: choosePartition(key, partitions, 0), key, value: null, headers };
}

function headersOf(
  plan: TopicPlan,
  origin: RecordOrigin,
  op: Operation,
  { commitLsn, ordinal }: ChangePlace,
): KafkaRecord['headers'] {
  const lsn = formatLsn(commitLsn);
  const position = [origin.systemId, origin.timeline, origin.slot, lsn, tableKey(plan.relation), ordinal];
  return {
    'spine-route': origin.route,
    'spine-op': op,
    'spine-commit-lsn': lsn,
    'spine-ordinal': String(ordinal),
    // The two records of a changed key are one change: told apart by what they do.
    'spine-idempotency-key': createHash('sha256')
      .update(`${position.join('|')}|${op}`)
      .digest('hex'),
    'spine-decision-id': origin.decisionId,
    'spine-policy-version': origin.policyVersion,
  };
}
