import { createChainCheck } from '@spine/kernel/hash-chain';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GatewayDatabase, openGatewayDatabase } from '../store/gateway-database.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import type { AuditEntry, AuditRecord } from './audit-record.ts';
import type { AuditStore } from './audit-store.ts';
import { createMemoryAuditStore } from './memory-audit-store.ts';
import { createPostgresAuditStore } from './postgres-audit-store.ts';

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

const range = { after: 0n, limit: 1_000 };

describe.each<[string, () => AuditStore]>([
  ['in memory', createMemoryAuditStore],
  ['in Postgres', () => createPostgresAuditStore(database)],
])('a store %s', (_, open) => {
  const at = (minute: number): AuditRecord =>
    sampleRecord({
      at: `2026-01-31T12:${String(minute).padStart(2, '0')}:00.000Z`,
      requestId: `r${minute}`,
    });
  const names = (entries: readonly AuditEntry[]): readonly string[] =>
    entries.map(({ body }) => JSON.parse(body).requestId);

  test('gives entries back in order, as one chain', async () => {
    const store = open();
    expect(await store.list(range)).toEqual([]);
    const first = await store.append([at(1), at(2)]);
    await store.append([at(3)]);
    expect(first.map(({ seq }) => seq)).toEqual([1n, 2n]);
    const entries = await store.list(range);
    expect(names(entries)).toEqual(['r1', 'r2', 'r3']);
    expectChain(entries);
  });

  test('makes one chain of appends at the same time', async () => {
    const store = open();
    await Promise.all(Array.from({ length: 20 }, (_unused, n) => store.append([at(n), at(n)])));
    const entries = await store.list(range);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_unused, n) => BigInt(n + 1)));
    expectChain(entries);
  });

  test('reads a part by place and by time, without a hole', async () => {
    const store = open();
    await store.append([at(1), at(5), at(4), at(9)]);
    expect(names(await store.list({ after: 1n, limit: 2 }))).toEqual(['r5', 'r4']);
    const noon = new Date('2026-01-31T12:05:00Z');
    expect(names(await store.list({ ...range, from: noon }))).toEqual(['r5', 'r4', 'r9']);
    expect(names(await store.list({ ...range, to: noon }))).toEqual(['r1', 'r5', 'r4']);
    expect(names(await store.list({ ...range, from: new Date('2027-01-01') }))).toEqual([]);
    expect(names(await store.list({ ...range, to: new Date('2025-01-01') }))).toEqual([]);
  });
});

test.each(['update audit set body = body', 'delete from audit', 'truncate audit'])(
  'the table refuses: %s',
  async (statement) => {
    await createPostgresAuditStore(database).append([sampleRecord()]);
    const { kysely } = await database.ready();
    await expect(sql.raw(statement).execute(kysely)).rejects.toThrow('insert only');
  },
);

test('two gateways write one chain', async () => {
  const other = openGatewayDatabase(given.url, createRecordingLog());
  const stores = [createPostgresAuditStore(database), createPostgresAuditStore(other)];
  await Promise.all(
    stores.flatMap((store) => Array.from({ length: 10 }, () => store.append([sampleRecord()]))),
  );
  await other.close();
  const entries = await createPostgresAuditStore(database).list(range);
  expect(entries).toHaveLength(20);
  expectChain(entries);
});

test('a database that is away refuses, again and again', async () => {
  const away = openGatewayDatabase('postgres://nobody@127.0.0.1:1/none', createRecordingLog());
  await expect(createPostgresAuditStore(away).append([sampleRecord()])).rejects.toThrow();
  await expect(createPostgresAuditStore(away).append([sampleRecord()])).rejects.toThrow();
  await away.close();
});

function expectChain(entries: readonly AuditEntry[]): void {
  const check = createChainCheck();
  for (const { body, ...entry } of entries) {
    expect(check.next({ ...entry, entry: JSON.parse(body) })).toBeNull();
  }
}
