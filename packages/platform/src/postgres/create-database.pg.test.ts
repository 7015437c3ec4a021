import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from './create-database.ts';
import { migrate } from './migrate.ts';

let testDatabase: TestDatabase;
let database: Database<unknown>;
const log = createRecordingLog();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, schema: 'registry', log });
  await migrate(database, []);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

test('unqualified names live in the service schema', async () => {
  await sql`create table thing (id int)`.execute(database.kysely);
  const { rows } = await sql<{ schemaname: string }>`
    select schemaname from pg_tables where tablename = 'thing'`.execute(database.kysely);
  expect(rows).toEqual([{ schemaname: 'registry' }]);
});

test('int8 and int8[] are bigint, beyond what a number holds, and other types stay as they are', async () => {
  const { rows } = await sql`
    select 9007199254740993::int8 as one, '{1,null,9007199254740993}'::int8[] as many, 7::int4 as small,
      count(*) as counted`.execute(database.kysely);
  expect(rows).toEqual([
    { one: 9007199254740993n, many: [1n, null, 9007199254740993n], small: 7, counted: 1n },
  ]);
});

test('a bigint travels to the server unharmed', async () => {
  const { rows } = await sql`select ${9007199254740993n}::int8 as back`.execute(database.kysely);
  expect(rows).toEqual([{ back: 9007199254740993n }]);
});

test('a connection that dies idle, or between two statements of a transaction, ends nothing but its own work', async () => {
  const killOthers = sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'spine-registry' and pid <> pg_backend_pid()`;
  const other = createDatabase({ url: testDatabase.url, schema: 'other', log });
  try {
    const inTransaction = database.kysely.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx);
      await killOthers.execute(other.kysely);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await sql`select 2`.execute(trx);
    });
    await expect(inTransaction).rejects.toThrow();
    await killOthers.execute(other.kysely);
    const { rows } = await sql`select 3 as alive`.execute(database.kysely);
    expect(rows).toEqual([{ alive: 3 }]);
    expect(JSON.stringify(log.entries)).toContain('postgres.connection_lost');
  } finally {
    await other.close();
  }
});

test('closing twice, or before any query, is fine', async () => {
  const unused = createDatabase({ url: testDatabase.url, schema: 'unused', log });
  await unused.close();
  await unused.close();
  expect(unused.pool.ended).toBe(true);
});
