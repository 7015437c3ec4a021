import { afterAll, expect, test } from 'vitest';
import { sourceServers } from '../source/source-servers-suite.ts';
import { createRealRoute, type RealRoute, untilEqual } from './real-route-suite.ts';

const [server] = sourceServers();

afterAll(() => server.stop());

/** Drops the route's slot behind its back, and changes rows that then no stream can bring. */
async function loseSlot({ source }: RealRoute): Promise<void> {
  await source.run(
    'select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()',
  );
  await source.run(`
    delete from item where id <= 10;
    update item set note = 'missed' where id between 11 and 20;
    insert into item values (500, 'missed')`);
}

test('a slot that was dropped by hand stops the route with its reason, and nothing is skipped', async () => {
  await using route = await createRealRoute(server);
  const first = route.run();
  await untilEqual(route);
  await first.stop();
  await loseSlot(route);
  const second = route.run();
  await expect(second.ended).rejects.toMatchObject({
    code: 'SLOT_LOST',
    message: expect.stringContaining('the source has no slot'),
  });
  await second.stop();
  expect(await route.atSink(`select count(*)::int as n from item where note = 'missed'`)).toEqual([{ n: 0 }]);
});

test('a route that may copies its tables again by itself, and rows that are gone at the source go', async () => {
  await using route = await createRealRoute(server);
  const first = route.run();
  await untilEqual(route);
  await first.stop();
  await loseSlot(route);
  const second = route.run({ route: { slotLost: 'resnapshot' } });
  await untilEqual(route);
  await route.source.run(`insert into item values (501, 'after')`);
  await untilEqual(route);
  await second.stop();
});

test('a slot advanced by another reader is lost, too: a gap is never streamed over', async () => {
  await using route = await createRealRoute(server);
  const first = route.run();
  await untilEqual(route);
  await first.stop();
  await route.source.run(`update item set note = 'missed'`);
  await route.source.run(
    `select pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) from pg_replication_slots where database = current_database()`,
  );
  const refused = route.run();
  await expect(refused.ended).rejects.toMatchObject({ code: 'SLOT_LOST' });
  await refused.stop();
  const again = route.run({ route: { slotLost: 'resnapshot' } });
  await untilEqual(route);
  await again.stop();
});

test('a slot that was given up on purpose is made anew with a full copy, whatever the route may otherwise do', async () => {
  await using route = await createRealRoute(server);
  const first = route.run();
  await untilEqual(route);
  const giver = route.source.source();
  route.setStartsAnew(true);
  // The reader is ended with its slot.
  await giver.giveUpSlot?.();
  await expect(first.ended).rejects.toThrow();
  await first.stop();
  expect(await giver.findSlot()).toBe(null);
  await route.source.run(`delete from item where id < 50; insert into item values (500, 'missed')`);
  const second = route.run();
  await untilEqual(route);
  await second.stop();
});
