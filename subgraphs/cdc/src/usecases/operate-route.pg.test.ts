import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CdcTables } from '../store/cdc-tables.ts';
import { cdcMigrations } from '../store/migrations.ts';
import { listOperations } from '../store/route-operations.ts';
import { saveReport } from '../store/route-status.ts';
import { listTables, saveTable } from '../store/route-tables.ts';
import { findRoute, listRunnableRoutes, putRoute, removeRoute } from '../store/routes.ts';
import { operateRoute } from './operate-route.ts';
import { readStatus } from './read-status.ts';

const spec = {
  name: 'shop-to-warehouse',
  source: 'shop',
  sink: 'warehouse',
  tables: ['public.*'],
  owner: 'a',
  obligationKey: null,
};
let pg: TestDatabase;
let database: Database<CdcTables>;

beforeAll(async () => {
  pg = await createTestDatabase();
  database = createDatabase<CdcTables>({ url: pg.url, schema: 'cdc', log: createRecordingLog() });
  await migrate(database, cdcMigrations);
});
afterAll(async () => {
  await database?.close();
  await pg?.drop();
});
beforeEach(async () => {
  const db = database.kysely;
  await removeRoute(db, spec.name);
  await db.deleteFrom('route_operation').execute();
  await putRoute(db, spec);
  for (const [table, state] of [
    ['orders', 'streaming'],
    ['customers', 'cut_off'],
    ['secrets', 'denied'],
  ] as const) {
    await saveTable(db, { route: spec.name, schema: 'public', table }, { state });
  }
});

let keys = 0;
const operate = (kind: 'pause' | 'resume' | 'resnapshot', more: object = {}) =>
  operateRoute(database, {
    route: spec.name,
    kind,
    principal: 'ann',
    idempotencyKey: `key-${keys++}`,
    ...more,
  });
const status = async () => (await readStatus(database, new Date()))[0];

test('a paused route is not run, says by whom and why, and keeps saying so whatever its worker reports last', async () => {
  await operate('pause', { reason: 'the sink moves' });
  expect(await listRunnableRoutes(database.kysely)).toEqual([]);
  await saveReport(database.kysely, spec.name, {
    state: 'streaming',
    reason: null,
    worker: 'w',
    checkpoint: null,
    rowsApplied: 0n,
    lag: null,
  });
  expect(await status()).toMatchObject({ state: 'paused', stateReason: expect.stringContaining('ann') });
  expect((await status())?.stateReason).toContain('the sink moves');
  await operate('resume');
  expect(await listRunnableRoutes(database.kysely)).toHaveLength(1);
  expect(await status()).toMatchObject({ state: 'streaming' });
});

test('a pause outlives an apply', async () => {
  await operate('pause');
  await putRoute(database.kysely, { ...spec, owner: 'b' });
  expect(await status()).toMatchObject({ state: 'paused' });
});

test('a resnapshot asks for tables and restarts the route; what policy denies stays denied', async () => {
  const before = await findRoute(database.kysely, spec.name);
  await operate('resnapshot');
  const tables = await listTables(database.kysely, [spec.name]);
  expect(tables.map(({ table, state, recopy }) => ({ table, state, recopy }))).toEqual([
    { table: 'customers', state: 'pending', recopy: true },
    { table: 'orders', state: 'pending', recopy: true },
    { table: 'secrets', state: 'denied', recopy: false },
  ]);
  expect((await findRoute(database.kysely, spec.name))?.revision).toBe((before?.revision ?? 0n) + 1n);
});

test('the request survives what a worker that has not heard of it yet writes of the table', async () => {
  await operate('resnapshot', { tables: ['public.orders'] });
  await saveTable(
    database.kysely,
    { route: spec.name, schema: 'public', table: 'orders' },
    { state: 'streaming' },
  );
  const orders = (await listTables(database.kysely, [spec.name])).find(({ table }) => table === 'orders');
  expect(orders).toMatchObject({ recopy: true });
});

test('each operation is recorded once for its key; the key of another request is refused', async () => {
  const key = { idempotencyKey: 'the same' };
  await operate('pause', { ...key, reason: 'a' });
  await operate('resume');
  await operate('pause', { ...key, reason: 'a' });
  expect(await status()).toMatchObject({ state: 'starting' });
  const operations = await listOperations(database.kysely, spec.name, { before: null, limit: 10 });
  expect(operations.map(({ kind, principal, reason }) => [kind, principal, reason])).toEqual([
    ['resume', 'ann', null],
    ['pause', 'ann', 'a'],
  ]);
  await expect(operate('resume', key)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a route or a table that is not there is named, and nothing is recorded', async () => {
  await expect(operate('pause', { route: 'nowhere' })).rejects.toMatchObject({ code: 'ROUTE_NOT_FOUND' });
  await expect(operate('resnapshot', { tables: ['public.nothing'] })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('public.nothing'),
  });
  expect(await listOperations(database.kysely, spec.name, { before: null, limit: 10 })).toEqual([]);
});
