import { Readable } from 'node:stream';
import type { Lsn } from '@spine/kernel/lsn';
import { describe, expect, test } from 'vitest';
import { kafkaSinkSuite } from './kafka-sink-suite.ts';
import { createMemoryKafka } from './memory-kafka.ts';
import {
  aBatch,
  aCopy,
  copyOf,
  firstPosition,
  insert,
  ordersTable,
  row,
  topicSink,
  update,
} from './testing/topic-side.ts';

const shared = createMemoryKafka();
kafkaSinkSuite('in memory', () => shared.driver());

const topic = 'shop.public.orders';

async function started() {
  const kafka = createMemoryKafka();
  const takeOver = () => topicSink(kafka.driver(), 'r', 'shop.').takeOver(new AbortController().signal);
  const session = await takeOver();
  await session.initialise(firstPosition);
  await session.prepareTable(ordersTable);
  return { kafka, session, takeOver };
}

describe('a commit that nobody answered', () => {
  test.each([
    ['before', 1n],
    ['after', 10n],
  ] as const)(
    'ends the session; the next take-over knows what came of it (lost %s it took place)',
    async (when, lsn) => {
      const { kafka, session, takeOver } = await started();
      const delivery = await session.deliver(aBatch(10, [insert(1, 'one')]));
      kafka.loseNextCommit(when);
      await expect(delivery.commit()).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
      await expect(session.deliver(aBatch(10, [insert(1, 'again')]))).rejects.toMatchObject({
        code: 'SINK_UNREACHABLE',
      });

      const next = await takeOver();
      expect(next.checkpoint?.lsn).toBe(lsn);
      await next.prepareTable(ordersTable);
      if (lsn < 10n) await (await next.deliver(aBatch(10, [insert(1, 'one')]))).commit();
      expect(kafka.committed(topic)).toHaveLength(1);
    },
  );
});

describe('headers', () => {
  test('tell route, position, decision and what was done, and differ from change to change', async () => {
    const { kafka, session } = await started();
    await (
      await session.deliver(aBatch(10, [insert(1, 'one'), update(row(2, 'one'), row(1, 'one'))]))
    ).commit();
    const headers = kafka.committed(topic).map((record) => record.headers);
    expect(headers[0]).toEqual({
      'spine-route': 'r',
      'spine-op': 'insert',
      'spine-commit-lsn': '0/9',
      'spine-ordinal': '0',
      'spine-idempotency-key': expect.stringMatching(/^[0-9a-f]{64}$/),
      'spine-decision-id': 'batch-10',
      'spine-policy-version': '7',
    });
    expect(headers.map((each) => each['spine-op'])).toEqual(['insert', 'delete', 'update']);
    expect(new Set(headers.map((each) => each['spine-idempotency-key'])).size).toBe(3);
  });

  test('are the same when another worker sends the change again in another batch', async () => {
    const { kafka, session } = await started();
    const keyOf = (count: number) => kafka.appended(topic).at(count)?.headers['spine-idempotency-key'];
    await (await session.deliver(aBatch(10, [insert(1, 'one')], [insert(2, 'two')]))).rollback();
    await (await session.deliver(aBatch(10, [insert(2, 'two')]))).commit();
    expect(keyOf(-1)).toBe(keyOf(1));
    expect(keyOf(-1)).not.toBe(keyOf(0));
  });
});

describe('a transaction too large for memory', () => {
  test('is sent part by part, with the places that its changes have when they come at once', async () => {
    const changes = [insert(1, 'one'), insert(2, 'two'), update(row(1, 'first'), row(1, 'one'))];
    const whole = await started();
    await (await whole.session.deliver(aBatch(10, changes))).commit();

    const inParts = await started();
    const { tables, transactions = [], ...batch } = aBatch(10, changes);
    const [table] = tables;
    const commitLsn = transactions[0]?.commitLsn;
    if (table === undefined || commitLsn === undefined) throw new Error('the batch has one table');
    const delivery = await inParts.session.deliver({
      ...batch,
      tables: [{ ...table, changes: [] }],
      transactions,
      async *parts() {
        yield [{ ...table, changes: changes.slice(0, 1), commitLsn }];
        yield [{ ...table, changes: changes.slice(1), commitLsn }];
      },
    });
    await delivery.commit();
    expect(inParts.kafka.committed(topic)).toEqual(whole.kafka.committed(topic));
    expect((await inParts.takeOver()).checkpoint).toMatchObject({ lsn: 10n, changes: 3n });
  });
});

describe('topics', () => {
  test('of a table that somebody deleted make it one to be copied again', async () => {
    const { kafka, session, takeOver } = await started();
    await session.copyTable(aCopy([[1, 'one']]));
    kafka.deleteTopic(topic);
    expect((await takeOver()).tables).toEqual([]);
  });

  test('a copy that broke off leaves nothing to be seen', async () => {
    const { kafka, session, takeOver } = await started();
    const large = 'x'.repeat(500_000);
    const cut = copyOf([
      [1, large],
      [2, large],
      [3, large],
    ]).subarray(0, -4);
    await expect(session.copyTable({ ...aCopy([]), rows: Readable.from([cut]) })).rejects.toThrow(
      'before their trailer',
    );
    expect(kafka.appended(topic)).not.toEqual([]);
    expect(kafka.committed(topic)).toEqual([]);
    expect((await takeOver()).tables).toEqual([]);
  });

  test('the position moves on without records', async () => {
    const { session, takeOver } = await started();
    await session.advance(99n as Lsn);
    expect((await takeOver()).checkpoint).toMatchObject({ lsn: 99n, changes: 0n });
  });
});
