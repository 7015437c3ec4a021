import { type Clock, systemClock } from '@spine/platform/clock';
import { acquireLease } from '@spine/platform/lease/lease';
import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CdcTables } from '../store/cdc-tables.ts';
import { cdcMigrations } from '../store/migrations.ts';
import { addScan, listScans } from '../store/scans.ts';
import type { Scanner } from '../usecases/scan-endpoints.ts';
import { keepScanning, type Scanning } from './keep-scanning.ts';

let pg: TestDatabase;
let database: Database<CdcTables>;
let running: Scanning[] = [];
const log = createRecordingLog();

beforeAll(async () => {
  pg = await createTestDatabase();
  database = createDatabase<CdcTables>({ url: pg.url, schema: 'cdc', log });
  await migrate(database, cdcMigrations);
});
beforeEach(async () => {
  await database.kysely.deleteFrom('scan').execute();
});
afterEach(async () => {
  await Promise.all(running.map((scanning) => scanning.close()));
  running = [];
});
afterAll(async () => {
  await database?.close();
  await pg?.drop();
});

/** A clock on which a hundred times as much time goes by. */
const epoch = Date.now();
const fast: Clock = {
  now: () => new Date(epoch + (Date.now() - epoch) * 100),
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal),
};
const scanner = (by: string): Scanner => ({
  async scan() {
    const at = fast.now();
    const scan = { requestedBy: by, idempotencyKey: null, endpoints: [], opened: 0 };
    const seen = { ...scan, startedAt: at, finishedAt: at };
    return { ...seen, id: await addScan(database.kysely, seen) };
  },
});
const start = (id: string, everyMs: number, by: Scanner = scanner(id)): Scanning => {
  const scanning = keepScanning({ id, scanner: by, database, everyMs, clock: fast, log });
  running.push(scanning);
  return scanning;
};
const scans = async () => await listScans(database.kysely, { before: null, limit: 100 });

test('two processes scan as often as one would, and the first scan comes at once', async () => {
  const everyMs = 30_000;
  start('a', everyMs);
  start('b', everyMs);
  await eventually(async () => expect((await scans()).length).toBeGreaterThanOrEqual(4));
  const times = (await scans()).map(({ startedAt }) => startedAt.getTime());
  const gaps = times.slice(1).map((time, index) => (times[index] ?? 0) - time);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(everyMs);
});

test('a nudge does not wait for its time', async () => {
  const scanning = start('a', 3_600_000);
  await eventually(async () => expect(await scans()).toHaveLength(1));
  scanning.nudge();
  await eventually(async () => expect(await scans()).toHaveLength(2));
});

test('a scan that fails is told and tried again', async () => {
  let tries = 0;
  const failing: Scanner = {
    async scan(request) {
      tries += 1;
      if (tries === 1) throw new Error('the store is away');
      return await scanner('a').scan(request);
    },
  };
  start('a', 2_000, failing);
  await eventually(async () => expect(await scans()).not.toEqual([]));
  expect(log.entries).toContainEqual(expect.objectContaining({ level: 'warn' }));
});

test('while another process scans, nobody else does', async () => {
  const lease = await acquireLease(database.kysely, { name: 'scanner', holder: 'z', ttlMs: 700 });
  if (lease === null) throw new Error('the lease was not free');
  start('a', 30_000);
  await eventually(async () => expect(await scans()).toHaveLength(1));
  const { rows } = await database.pool.query('select clock_timestamp() as now');
  expect(new Date(rows[0].now).getTime()).toBeGreaterThan(lease.expiresAt.getTime());
});
