import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RegistryTables } from '../store/registry-tables.ts';
import { markDeleted } from '../store/version-states.ts';
import { recordText, registryTemplate } from '../testing/start-registry.ts';
import { registerSchema } from './confluent/register-schema.ts';
import { deleteSubject } from './delete-versions.ts';
import { publishInScope } from './publish-in-scope.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { createSchemaCache } from './schema-cache.ts';

/** One removes for good what another is about to use. Each test holds a lock of its own to bring both to that point. */

let storage: TestDatabase;
let database: Database<RegistryTables>;
let deps: RegistryDeps;
let holder: pg.Client;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  database = createDatabase({ url: storage.url, schema: 'registry', log: createRecordingLog(), max: 8 });
  deps = { database, schemas: createSchemaCache() };
  holder = new pg.Client({ connectionString: storage.url, options: '-c search_path=registry' });
  await holder.connect();
});
afterEach(() => holder.query('rollback'));
afterAll(async () => {
  await database.close();
  await holder.end();
  await storage.drop();
});

const publish = (subject: string, text: string, base?: string) =>
  publishInScope(deps, {
    subject,
    type: 'AVRO',
    text,
    references: base === undefined ? [] : [{ name: 'shop.Customer', subject: base, version: 1 }],
    publishedBy: 'ann',
    mayChangeLevel: false,
  });
const base = (doc: string): string => recordText([{ name: 'id', type: 'long' }], { doc });
const user = recordText([{ name: 'customer', type: 'shop.Customer' }], { name: 'Order' });

async function hold(lock: string): Promise<void> {
  await holder.query('begin');
  await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
}

/** Until as many sessions of the registry wait for locks. */
async function waiting(sessions: number): Promise<void> {
  await eventually(async () => {
    // Within a transaction the server shows what it saw first.
    await holder.query('select pg_stat_clear_snapshot()');
    const { rows } = await holder.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    expect(rows).toHaveLength(sessions);
  });
}

test('who removes what was put to use meanwhile is told who uses it', async () => {
  await publish('used', base('used'));
  // The user stands at the end of its transaction, its reference written.
  await hold('registry.stream.schemaChanges');
  const publishing = publish('user', user, 'used');
  await waiting(1);
  await markDeleted(database.kysely, 'used', [1], null);
  const removing = deleteSubject(deps, 'used', { permanent: true });
  await waiting(2);
  await holder.query('commit');
  expect(await publishing).toMatchObject({ kind: 'published' });
  expect(await removing).toMatchObject({ kind: 'referenced', by: { subject: 'user', version: 1 } });
});

test.each([
  ['by our own door', () => publish('late', user, 'gone'), { code: 'REFERENCE_UNKNOWN' }],
  [
    'by that of Kafka clients',
    () =>
      registerSchema(
        deps,
        {
          subject: 'late',
          handed: {
            type: 'AVRO',
            text: user,
            references: [{ name: 'shop.Customer', subject: 'gone', version: 1 }],
            metadata: undefined,
            ruleSet: undefined,
          },
          id: undefined,
          version: undefined,
          normalize: undefined,
          force: false,
          profile: undefined,
          registeredBy: 'ann',
        },
        409,
      ),
    { errorCode: 42201 },
  ],
])('who uses what was removed meanwhile is told that it is not there, %s', async (_door, act, refusal) => {
  await publish('gone', base('gone'));
  await hold('registry.subject.late');
  const publishing = act();
  const refused = expect(publishing).rejects.toMatchObject(refusal);
  await waiting(1);
  await markDeleted(database.kysely, 'gone', [1], null);
  expect(await deleteSubject(deps, 'gone', { permanent: true })).toMatchObject({ kind: 'deleted' });
  await holder.query('commit');
  await refused;
});
