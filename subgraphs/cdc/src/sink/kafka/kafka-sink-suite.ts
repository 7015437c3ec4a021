import { randomUUID } from 'node:crypto';
import type { Lsn } from '@spine/kernel/lsn';
import { afterAll, describe, expect, test } from 'vitest';
import { FencedOut } from '../sink.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import {
  aBatch,
  aCopy,
  firstPosition,
  insert,
  orders,
  ordersTable,
  readTopic,
  remove,
  row,
  topicSink,
  update,
} from './testing/topic-side.ts';

/** A take-over that hangs is told by its own name, not by that of the test. */
const soon = () => AbortSignal.timeout(25_000);

/** What the sink promises over every driver. */
export function kafkaSinkSuite(name: string, createDriver: () => KafkaDriver, skip = false): void {
  const drivers: KafkaDriver[] = [];
  const driver = (): KafkaDriver => {
    const made = createDriver();
    drivers.push(made);
    return made;
  };
  afterAll(async () => {
    for (const made of drivers) await made.close();
  });

  /** A route of its own, whose topics nobody else writes to. */
  function aRoute() {
    const route = `r-${randomUUID().slice(0, 8)}`;
    const prefix = `${route}.`;
    const topic = `${prefix}public.orders`;
    const takeOver = () => topicSink(driver(), route, prefix).takeOver(soon());
    return { route, prefix, topic, takeOver };
  }

  async function started(route = aRoute()) {
    const session = await route.takeOver();
    await session.initialise(firstPosition);
    await session.prepareTable(ordersTable);
    return { ...route, session };
  }

  describe.skipIf(skip)(`the Kafka sink: ${name}`, () => {
    test('a route that starts has no checkpoint, and the next take-over has what was committed last', async () => {
      const { topic, session, takeOver } = await started();
      expect(session.checkpoint).toBeNull();
      const batch = aBatch(10, [insert(1, 'one')], [insert(2, 'two')]);
      await (await session.deliver(batch)).commit();
      await session.advance(20n as Lsn);
      const next = await takeOver();
      expect(next.checkpoint).toMatchObject({ ...firstPosition, lsn: 20n, changes: 2n });
      expect(next.epoch).toBeGreaterThan(session.epoch);
      expect(await readTopic(driver(), topic, 2)).toEqual(['1=1,one', '2=2,two']);
      await next.close();
    });

    test('what is rolled back is never read, and its position never counts', async () => {
      const { topic, session, takeOver } = await started();
      await (await session.deliver(aBatch(10, [insert(1, 'never')]))).rollback();
      await (await session.deliver(aBatch(10, [insert(1, 'once')]))).commit();
      expect(await readTopic(driver(), topic, 1)).toEqual(['1=1,once']);
      expect((await takeOver()).checkpoint).toMatchObject({ lsn: 10n, changes: 1n });
    });

    test('the checkpoint follows its source onto the timeline of a promotion', async () => {
      const { session, takeOver } = await started();
      await (await session.deliver(aBatch(10, [insert(1, 'one')]))).commit();
      await session.followTimeline?.(9);
      expect((await takeOver()).checkpoint).toMatchObject({ lsn: 10n, changes: 1n, timeline: 9 });
    });

    test('a worker that was replaced commits nothing any more, and its successor starts where it had come', async () => {
      const { topic, session, takeOver } = await started();
      await (await session.deliver(aBatch(10, [insert(1, 'one')]))).commit();
      const frozen = await session.deliver(aBatch(11, [insert(2, 'of the older')]));
      const next = await takeOver();
      expect(next.checkpoint?.lsn).toBe(10n);
      await next.prepareTable(ordersTable);
      await (await next.deliver(aBatch(11, [insert(2, 'of the newer')]))).commit();
      await expect(frozen.commit()).rejects.toBeInstanceOf(FencedOut);
      await expect(session.advance(30n as Lsn)).rejects.toThrow();
      expect(await readTopic(driver(), topic, 2)).toEqual(['1=1,one', '2=2,of the newer']);
    });

    test('a delete is a tombstone, and a changed key is one for the old key before the row under the new', async () => {
      const { topic, session } = await started();
      const changes = [
        insert(1, 'one'),
        update(row(1, 'first'), row(1, 'one')),
        update(row(5, 'first'), row(1, 'first')),
        remove(5),
      ];
      await (await session.deliver(aBatch(10, changes))).commit();
      expect(await readTopic(driver(), topic, 5)).toEqual([
        '1=1,one',
        '1=1,first',
        '1=gone',
        '5=5,first',
        '5=gone',
      ]);
    });

    test('a copied table stands complete after its commit, and not after a copy that was not allowed', async () => {
      const { topic, session, takeOver } = await started();
      const refused = aCopy([[1, 'never']], async () => {
        throw new Error('the ledger said no');
      });
      await expect(session.copyTable(refused)).rejects.toThrow('the ledger said no');
      const rows: number[] = [];
      const copied = aCopy(
        [
          [1, 'one'],
          [2, 'two'],
        ],
        async (count) => void rows.push(count),
      );
      expect(await session.copyTable(copied)).toEqual({ rows: 2n });
      expect(rows).toEqual([2]);
      expect(await readTopic(driver(), topic, 2)).toEqual(['1=1,one', '2=2,two']);

      const next = await takeOver();
      expect(next.tables).toMatchObject([
        { schema: 'public', table: 'orders', startLsn: 1n, rows: 2n, contractVersion: 1 },
      ]);
      await next.forgetTable('public', 'orders');
      expect((await takeOver()).tables).toEqual([]);
    });

    test('a topic is fed by one route', async () => {
      const { prefix, session } = await started();
      await session.copyTable(aCopy([[1, 'one']]));
      const other = await topicSink(driver(), `other-${randomUUID()}`, prefix).takeOver(soon());
      await other.initialise(firstPosition);
      await expect(other.prepareTable(ordersTable)).rejects.toMatchObject({ code: 'SINK_TABLE_CONFLICT' });
    });

    test('a truncate and a value that was not sent are refused, and the route goes on', async () => {
      const { topic, session } = await started();
      const truncate = { kind: 'truncate', relation: orders, cascade: false } as const;
      await expect(session.deliver(aBatch(10, [insert(1, 'never'), truncate]))).rejects.toMatchObject({
        code: '42000',
      });
      const partial = aBatch(10, [update(row(1, 'unchanged'), null)]);
      await expect(session.deliver(partial)).rejects.toThrow('replica identity full');
      const filled = aBatch(10, [update(row(1, 'unchanged'), row(1, 'from the old row'))]);
      await (await session.deliver(filled)).commit();
      expect(await readTopic(driver(), topic, 1)).toEqual(['1=1,from the old row']);
    });

    test('a record that brokers do not take is refused as a row, and the route goes on', async () => {
      const { topic, session } = await started();
      const huge = aBatch(10, [insert(1, 'x'.repeat(2 * 1024 * 1024))]);
      await expect(session.deliver(huge)).rejects.toMatchObject({ code: '22000' });
      await (await session.deliver(aBatch(10, [insert(1, 'small')]))).commit();
      expect(await readTopic(driver(), topic, 1)).toEqual(['1=1,small']);
    });
  });
}
