import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GatewayDatabase, openGatewayDatabase } from '../store/gateway-database.ts';
import { createMemoryUsageStore } from './memory-usage-store.ts';
import { createPostgresUsageStore } from './postgres-usage-store.ts';
import type { UsageStore } from './usage-store.ts';

let given: TestDatabase;
let database: GatewayDatabase;
beforeEach(async () => {
  given = await createTestDatabase();
  database = openGatewayDatabase(given.url, createRecordingLog());
});
afterEach(async () => {
  await database.close();
  await given.drop();
});

const name = (client: string, count: number) => ({ type: 'Dataset', field: 'name', client, count });

describe.each<[string, () => UsageStore]>([
  ['in memory', createMemoryUsageStore],
  ['in Postgres', () => createPostgresUsageStore(database)],
])('counts %s', (_, open) => {
  test('are added by day, and told since a day with the first one that has any', async () => {
    const store = open();
    expect(await store.since('2026-10-01')).toEqual({ from: null, fields: {} });
    await store.add('2026-10-02', [name('vera', 2)]);
    await store.add('2026-10-05', [name('vera', 1), name('otto', 4)]);
    await store.add('2026-10-05', [name('vera', 1), { ...name('vera', 9), field: 'rows' }]);
    expect(await store.since('2026-10-01')).toEqual({
      from: '2026-10-02',
      fields: { 'Dataset.name': 8, 'Dataset.rows': 9 },
    });
    expect(await store.since('2026-10-03')).toEqual({
      from: '2026-10-05',
      fields: { 'Dataset.name': 6, 'Dataset.rows': 9 },
    });
    await store.cut('2026-10-05');
    expect((await store.since('2026-10-01')).from).toBe('2026-10-05');
  });

  test('of many gateways at once are all there', async () => {
    const store = open();
    const counts = Array.from({ length: 2_500 }, (_, n) => ({ ...name('vera', 1), field: `f${n}` }));
    await Promise.all([counts, counts.toReversed(), counts].map((some) => store.add('2026-10-05', some)));
    const { fields } = await store.since('2026-10-05');
    expect(Object.keys(fields)).toHaveLength(2_500);
    expect(new Set(Object.values(fields))).toEqual(new Set([3]));
  });
});
