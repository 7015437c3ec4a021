import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, type Database } from './create-database.ts';
import { type Migration, migrate } from './migrate.ts';

const first: Migration = { version: 1, name: 'things', sql: 'create table thing (id int primary key);' };
const second: Migration = {
  version: 2,
  name: 'colour',
  sql: 'alter table thing add colour text; insert into thing values (1);',
};

let testDatabase: TestDatabase;
let databases: Database<unknown>[];
const open = (): Database<unknown> => {
  const database = createDatabase({ url: testDatabase.url, schema: 'lab', log: createRecordingLog() });
  databases.push(database);
  return database;
};

beforeEach(async () => {
  databases = [];
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  for (const database of databases) await database.close();
  await testDatabase.drop();
});

test('the schema is made, and only what is pending is applied', async () => {
  const database = open();
  expect(await migrate(database, [first])).toEqual({ applied: [1] });
  expect(await migrate(database, [first, second])).toEqual({ applied: [2] });
  expect(await migrate(database, [first, second])).toEqual({ applied: [] });
  const { rows } = await sql`select version, name from lab.migration order by version`.execute(
    database.kysely,
  );
  expect(rows).toEqual([
    { version: 1, name: 'things' },
    { version: 2, name: 'colour' },
  ]);
});

test('eight processes that migrate at once apply each step once', async () => {
  const results = await Promise.all(Array.from({ length: 8 }, () => migrate(open(), [first, second])));
  expect(results.flatMap(({ applied }) => applied)).toEqual([1, 2]);
});

test('a step that fails leaves nothing of the run behind', async () => {
  const database = open();
  const broken: Migration = { version: 2, name: 'broken', sql: 'select no_such_function();' };
  await expect(migrate(database, [first, broken])).rejects.toThrow('no_such_function');
  expect(await migrate(database, [first, second])).toEqual({ applied: [1, 2] });
});

test('a schema that knows more than the code is refused', async () => {
  const database = open();
  await migrate(database, [first, second]);
  await expect(migrate(database, [first])).rejects.toMatchObject({ code: 'SCHEMA_NEWER_THAN_CODE' });
});

test('a step whose text was changed after it was applied is refused, other line ends are not a change', async () => {
  const database = open();
  const multiline: Migration = { ...first, sql: 'create table thing (\n id int\n);' };
  await migrate(database, [multiline]);
  await migrate(database, [{ ...multiline, sql: multiline.sql.replaceAll('\n', '\r\n') }]);
  await expect(
    migrate(database, [{ ...multiline, sql: 'create table thing (id int);' }]),
  ).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('migration 1 (things)'),
  });
});

test('a step numbered before an applied one is refused', async () => {
  const database = open();
  await migrate(
    database,
    [second].map((step) => ({ ...step, sql: 'select 1' })),
  );
  await expect(migrate(database, [first, { ...second, sql: 'select 1' }])).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});
