import { Problem } from '@spine/kernel/problem';
import { systemClock } from '@spine/platform/clock';
import { createLog } from '@spine/platform/log/create-log';
import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChangeSource } from './change-source.ts';
import { createPostgresSource } from './postgres-source.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres({ version: 'embedded', settings: { wal_level: 'logical' } });
});
afterAll(() => server.stop());

function source(postgres: TestPostgres, slotName = 'settings_slot'): ChangeSource {
  return createPostgresSource({
    url: postgres.url,
    route: 'test',
    slotName,
    publicationName: 'pub',
    log: createLog({ service: 'test', level: 'silent' }),
    clock: systemClock,
    heartbeatMs: 0,
  });
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Problem) return error;
  throw error;
}

test('a server with wal_level=replica is refused and told the setting', async () => {
  const plain = await startPostgres({ version: 'embedded', settings: { wal_level: 'replica' } });
  const from = source(plain);
  try {
    const problem = await problemOf(from.identify());
    expect(problem.code).toBe('SOURCE_NOT_LOGICAL');
    expect(problem.fix).toContain('alter system set wal_level = logical');
  } finally {
    await from.close();
    await plain.stop();
  }
});

test('a server without a free slot is refused and told the setting', async () => {
  const tight = await startPostgres({
    version: 'embedded',
    settings: { wal_level: 'logical', max_replication_slots: 1 },
  });
  const [first, second] = [source(tight, 'one'), source(tight, 'two')];
  try {
    await (await first.createSlot()).release();
    const problem = await problemOf(second.createSlot());
    expect(problem.code).toBe('SOURCE_SLOTS_EXHAUSTED');
    expect(problem.fix).toContain('max_replication_slots');
  } finally {
    await first.close();
    await second.close();
    await tight.stop();
  }
});

test('a slot that is gone is said to be lost', async () => {
  const from = source(server, 'never_made');
  const { flushPosition } = await from.identify();
  expect((await problemOf(from.stream(flushPosition))).code).toBe('SLOT_LOST');
  await from.close();
});

test('when the server is killed, take rejects and the source serves again once it is back', async () => {
  const from = source(server);
  await from.listTables(['public.*']);
  const snapshot = await from.createSlot();
  await snapshot.release();
  const stream = await from.stream(snapshot.consistentPoint);
  await server.kill9();
  const limits = { maxChanges: 10, maxBytes: 1_000, waitMs: 60_000 };
  await expect(stream.take(limits, AbortSignal.timeout(20_000))).rejects.not.toHaveProperty(
    'name',
    'TimeoutError',
  );
  await stream.close();
  expect((await problemOf(from.identify())).code).toBe('SOURCE_UNREACHABLE');
  await server.restart();
  await from.identify();
  expect(await from.findSlot()).toMatchObject({ active: false });
  await from.dropSlot();
  await from.close();
});
