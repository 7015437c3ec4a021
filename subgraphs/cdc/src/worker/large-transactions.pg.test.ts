import { eventually } from '@spine/testkit/eventually';
import { afterAll, expect, test } from 'vitest';
import { sourceServers } from '../source/source-servers-suite.ts';
import { createRealRoute, untilEqual } from './real-route-suite.ts';

const [server] = sourceServers();

afterAll(() => server.stop());

const large = `
  begin;
  insert into item select n, repeat('x', 200) from generate_series(101, 6000) as n;
  insert into journal select 'line ' || n from generate_series(1, 500) as n;
  update item set note = 'new' where id <= 50;
  savepoint s;
  delete from item where id > 3000;
  rollback to s;
  update item set id = id + 100000 where id between 200 and 220;
  delete from item where id > 5900 and id < 6001;
  commit`;

test('a transaction that lies on disk reaches the sink as one batch with one decision for each table', async () => {
  await using route = await createRealRoute(server);
  const running = route.run();
  await untilEqual(route);
  const before = await route.atSink<{ changes: number }>('select changes::int from _spine.checkpoint');
  await route.source.run(large);
  await untilEqual(route);
  await running.stop();
  const inParts = route.batches.filter(({ parts }) => parts !== undefined);
  expect(inParts).toHaveLength(1);
  const decisions = route.leaves.find(({ batchId }) => batchId === inParts[0]?.id)?.decisions ?? [];
  expect(decisions.map(({ logicalName, rows }) => [logicalName, rows]).sort()).toEqual([
    ['shop.public.item', 5_900 + 50 + 21 + 100],
    ['shop.public.journal', 500],
  ]);
  const [after] = await route.atSink<{ changes: number }>('select changes::int from _spine.checkpoint');
  expect((after?.changes ?? 0) - (before[0]?.changes ?? 0)).toBe(5_900 + 50 + 21 + 100 + 500);
});

test('a worker lost in the midst of it leaves nothing at the sink, and the next one delivers it whole', async () => {
  await using route = await createRealRoute(server);
  const first = route.run({
    wrap: (session) => ({
      ...session,
      async deliver(batch) {
        const delivery = await session.deliver(batch);
        if (batch.parts === undefined) return delivery;
        await delivery.rollback();
        throw new Error('the worker is lost');
      },
    }),
  });
  await untilEqual(route);
  await route.source.run(large);
  await eventually(() => expect(route.batches.some(({ parts }) => parts !== undefined)).toBe(true));
  await first.stop();
  expect(await route.atSink('select count(*)::int as n from journal')).toEqual([{ n: 0 }]);
  const second = route.run();
  await untilEqual(route);
  await second.stop();
});

test('one row of it that the sink refuses is set aside, and the others arrive', async () => {
  await using route = await createRealRoute(server);
  const running = route.run();
  await untilEqual(route);
  await route.atSink(`alter table item add check (note <> 'poison')`);
  await route.source.run(`
    begin;
    insert into item select n, repeat('x', 200) from generate_series(101, 2000) as n;
    insert into item values (2001, 'poison');
    insert into item select n, repeat('x', 200) from generate_series(2002, 4000) as n;
    commit`);
  await eventually(
    async () => expect(await route.atSink('select count(*)::int as n from item')).toEqual([{ n: 3_999 }]),
    { timeoutMs: 30_000 },
  );
  expect(await route.atSink('select id::int from item where id = 2001')).toEqual([]);
  await running.stop();
});

test('a sink that does not take parts gets it whole', async () => {
  await using route = await createRealRoute(server);
  const running = route.run({ wrap: (session) => ({ ...session, takesParts: false }) });
  await untilEqual(route);
  await route.source.run(large);
  await untilEqual(route);
  await running.stop();
  expect(route.batches.every(({ parts }) => parts === undefined)).toBe(true);
});
