import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { eventually } from './eventually.ts';
import { createTestDatabase } from './test-database.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('databases of one template are alike, made by one migration, and apart', async () => {
  let migrations = 0;
  const template = {
    name: 'testkit',
    async migrate(url: string): Promise<void> {
      migrations += 1;
      await query(url, 'create table thing as select 1 as n');
    },
  };
  const [one, two] = await Promise.all([createTestDatabase({ template }), createTestDatabase({ template })]);
  expect(migrations).toBe(1);
  await query(one.url, 'update thing set n = 2');
  expect(await query(two.url, 'select n from thing')).toEqual([{ n: 1 }]);
  await Promise.all([one.drop(), two.drop()]);
});

test('a migration that fails leaves no template behind', async () => {
  const name = 'broken';
  const failing = createTestDatabase({
    template: { name, migrate: (url) => query(url, 'select nothing()').then(() => undefined) },
  });
  await expect(failing).rejects.toThrow('nothing()');
  const mended = await createTestDatabase({
    template: { name, migrate: (url) => query(url, 'create table t ()').then(() => undefined) },
  });
  expect(await query(mended.url, 'select count(*)::int as n from t')).toEqual([{ n: 0 }]);
  await mended.drop();
});

test('a database is dropped with its slots and whoever reads them', async () => {
  const database = await createTestDatabase();
  const slot = `slot_of_${database.name}`;
  await query(database.url, `select pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
  const config = { connectionString: database.url, replication: 'database' };
  const reader = new pg.Client(config);
  let ended = false;
  reader.on('error', () => undefined);
  reader.on('end', () => {
    ended = true;
  });
  await reader.connect();
  await query(database.url, 'create publication p for all tables');
  reader
    .query(`START_REPLICATION SLOT ${slot} LOGICAL 0/0 (proto_version '1', publication_names 'p')`)
    .catch(() => undefined);
  const admin = inject('postgresUrl');
  const active = `select active from pg_replication_slots where slot_name = '${slot}'`;
  await eventually(async () => expect(await query(admin, active)).toEqual([{ active: true }]));
  await database.drop();
  await eventually(() => expect(ended).toBe(true));
  expect(await query(admin, active)).toEqual([]);
  expect(await query(admin, `select 1 from pg_database where datname = '${database.name}'`)).toEqual([]);
});
