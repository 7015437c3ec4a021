import { parseLsn } from '@spine/kernel/lsn';
import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { aRelation } from '../domain/relation-builder.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { countDeadLetters, deadLetterBox } from '../store/dead-letters.ts';
import { listDeadLetters } from '../store/list-dead-letters.ts';
import { cdcMigrations } from '../store/migrations.ts';
import { findReplay } from '../store/replays.ts';
import { listOperations } from '../store/route-operations.ts';
import { listTables, saveTable } from '../store/route-tables.ts';
import { findRoute, putRoute, removeRoute } from '../store/routes.ts';
import { discardDeadLetters, replayDeadLetters } from './replay-dead-letters.ts';

const route = 'shop-to-warehouse';
const secret = 'ann@example.org';
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
  await removeRoute(db, route);
  await db.deleteFrom('route_operation').execute();
  await putRoute(db, {
    name: route,
    source: 'shop',
    sink: 'warehouse',
    tables: ['public.*'],
    owner: 'a',
    obligationKey: null,
  });
  for (const table of ['customers', 'orders']) {
    await saveTable(db, { route, schema: 'public', table }, { state: 'streaming' });
    await deadLetterBox(db, route).park([
      {
        relation: aRelation({ table }),
        commitLsn: parseLsn('0/10'),
        ordinal: 0,
        state: 'failed',
        reason: 'the sink refused it (SQLSTATE 23514)',
        keys: ['k'],
        payload: Buffer.from(secret),
      },
    ]);
  }
});

const listed = (state: 'resolved' | null = null) =>
  listDeadLetters(database.kysely, route, { state, after: null, limit: 10 });

test('a replay is left for the worker once for a key, and recorded with who asked', async () => {
  const asked = { route, tables: ['public.orders'], dryRun: true, principal: 'ann', idempotencyKey: 'one' };
  const id = await replayDeadLetters(database, asked);
  expect(await replayDeadLetters(database, asked)).toBe(id);
  expect(await findReplay(database.kysely, id)).toMatchObject({
    route,
    tables: ['public.orders'],
    dryRun: true,
    by: 'ann',
    finishedAt: null,
  });
  const box = deadLetterBox(database.kysely, route);
  expect(await box.nextReplay()).toMatchObject({ id, dryRun: true });
  await box.finishReplay(id, []);
  expect(await box.nextReplay()).toBeNull();
  expect(await listOperations(database.kysely, route, { before: null, limit: 5 })).toMatchObject([
    { kind: 'replay', principal: 'ann' },
  ]);
  await expect(replayDeadLetters(database, { ...asked, dryRun: false })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test('a table that the route does not have is told, and nothing is left for the worker', async () => {
  const asked = { route, tables: ['public.oders'], dryRun: false, principal: 'ann', idempotencyKey: 'typo' };
  await expect(replayDeadLetters(database, asked)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    fix: expect.stringContaining('public.orders'),
  });
  expect(await deadLetterBox(database.kysely, route).nextReplay()).toBeNull();
});

test('what is discarded says who and why, has no payload, frees its keys, and its table says that it may differ', async () => {
  const before = await findRoute(database.kysely, route);
  await discardDeadLetters(database, {
    route,
    tables: ['public.orders'],
    ids: [],
    reason: 'a test order',
    principal: 'ann',
    idempotencyKey: 'two',
  });
  expect(await listed()).toMatchObject([{ table: 'customers', state: 'failed' }]);
  expect(await listed('resolved')).toMatchObject([
    { table: 'orders', resolution: 'discarded', resolvedBy: 'ann', resolvedReason: 'a test order' },
  ]);
  expect(await deadLetterBox(database.kysely, route).open()).toMatchObject([{ table: 'customers' }]);
  expect((await listTables(database.kysely, [route])).map(({ table, state }) => [table, state])).toEqual([
    ['customers', 'streaming'],
    ['orders', 'diverged'],
  ]);
  expect((await findRoute(database.kysely, route))?.revision).toBe((before?.revision ?? 0n) + 1n);
  const payloads = await database.kysely
    .selectFrom('dead_letter')
    .select(['table_name', 'payload'])
    .execute();
  expect(payloads.filter(({ payload }) => payload !== null).map((row) => row.table_name)).toEqual([
    'customers',
  ]);
});

test('one dead letter is discarded by its id, and the others wait on', async () => {
  const [first] = await listed();
  await discardDeadLetters(database, {
    route,
    tables: [],
    ids: [first?.id ?? 0n],
    reason: 'a test order',
    principal: 'ann',
    idempotencyKey: 'three',
  });
  expect(await countDeadLetters(database.kysely, [route])).toEqual([{ route, open: 1, parked: 0 }]);
});

test('no listing shows anything of a row', async () => {
  const text = JSON.stringify(await listed(), (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(text).toContain('23514');
  expect(text).not.toContain(secret);
  expect(text).not.toContain(Buffer.from(secret).toString('hex'));
});
