import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../postgres/create-database.ts';
import { migrate } from '../postgres/migrate.ts';
import { acquireLease, leaseMigration, releaseLease, renewLease } from './lease.ts';

let testDatabase: TestDatabase;
let database: Database<unknown>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, schema: 'lab', log: createRecordingLog(), max: 20 });
  await migrate(database, [leaseMigration(1)]);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const acquire = (name: string, holder: string, ttlMs = 60_000) =>
  acquireLease(database.kysely, { name, holder, ttlMs });

test('of twenty who want it at once one gets it', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => acquire('contended', `worker-${i}`)));
  expect(all.filter((lease) => lease !== null)).toHaveLength(1);
});

test('every acquisition raises the epoch, the same holder coming back included', async () => {
  expect(await acquire('route', 'a')).toMatchObject({ holder: 'a', epoch: 1n });
  expect(await acquire('route', 'b')).toBeNull();
  const again = await acquire('route', 'a');
  expect(again).toMatchObject({ holder: 'a', epoch: 2n });
  if (again === null) throw new Error('unreachable');
  expect(await releaseLease(database.kysely, again)).toBe(true);
  expect(await acquire('route', 'b')).toMatchObject({ holder: 'b', epoch: 3n });
});

test('an expired lease goes to the next who asks, and its old holder learns so when renewing or releasing', async () => {
  const old = await acquire('expiring', 'a', 1);
  if (old === null) throw new Error('unreachable');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await acquire('expiring', 'b')).toMatchObject({ epoch: 2n });
  expect(await renewLease(database.kysely, old, 60_000)).toBeNull();
  expect(await releaseLease(database.kysely, old)).toBe(false);
  expect(await acquire('expiring', 'c')).toBeNull();
});

test('renewing extends by the time given, without raising the epoch', async () => {
  const lease = await acquire('renewed', 'a', 50);
  if (lease === null) throw new Error('unreachable');
  const renewed = await renewLease(database.kysely, lease, 60_000);
  expect(renewed?.epoch).toBe(1n);
  expect(Number(renewed?.expiresAt) - Number(lease.expiresAt)).toBeGreaterThan(50_000);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(await acquire('renewed', 'b')).toBeNull();
});
