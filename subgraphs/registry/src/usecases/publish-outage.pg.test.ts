import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTcpProxy, type TcpProxy } from '@spine/testkit/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPublishQueue } from '../store/publish-queue.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { createSubjectStates } from '../store/subject-states.ts';
import { optional, publishRequest } from '../testing/publish-builder.ts';
import { registryTemplate } from '../testing/start-registry.ts';
import { publishSchema } from './publish-schema.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { createSchemaCache } from './schema-cache.ts';

let storage: TestDatabase;
let proxy: TcpProxy;
let database: Database<RegistryTables>;
let direct: pg.Client;
let deps: RegistryDeps;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  proxy = await createTcpProxy({ port: Number(new URL(storage.url).port) });
  const url = proxy.through(storage.url);
  database = createDatabase({ url, schema: 'registry', log: createRecordingLog() });
  direct = new pg.Client({ connectionString: storage.url, options: '-c search_path=registry' });
  await direct.connect();
  deps = { database, schemas: createSchemaCache() };
});
afterAll(async () => {
  await database.close();
  await direct.end();
  await proxy.close();
  await storage.drop();
});

const stored = async (table: string): Promise<number> =>
  (await direct.query(`select count(*)::int as n from ${table}`)).rows[0].n;

test('a database that goes away in the midst of a publish leaves nothing half stored, and the publish can be repeated', async () => {
  const request = publishRequest('outage', [optional('a')]);
  // Another publisher holds the name, so that ours stands within its statement when the line breaks.
  await direct.query('begin');
  await direct.query("select pg_advisory_xact_lock(hashtextextended('registry.subject.outage', 0))");
  const publishing = publishSchema(deps, request);
  const failed = expect(publishing).rejects.toThrow();
  await waiting();
  proxy.cut();
  await failed;
  await direct.query('commit');
  await expect(publishSchema(deps, request)).rejects.toThrow();
  proxy.heal();
  // The server may have gone on without its client: then all is stored, and only the answer was lost.
  expect(await publishSchema(deps, request)).toMatchObject({ version: { version: 1, semver: { major: 1 } } });
  expect(await publishSchema(deps, request)).toMatchObject({ kind: 'known', version: { version: 1 } });
  for (const table of ['subject', 'schema', 'subject_version', 'stream_event']) {
    expect(await stored(table), table).toBe(1);
  }
});

test('publishes in a queue leave nothing half stored when the database goes away, and each can be repeated', async () => {
  const sharing = { ...deps, publishes: createPublishQueue(database), states: createSubjectStates() };
  const requests = ['cut-1', 'cut-2', 'cut-3'].map((subject) => publishRequest(subject, [optional('a')]));
  // Another one appends, so that ours stand at the end of their statement when the line breaks.
  await direct.query('begin');
  await direct.query("select pg_advisory_xact_lock(hashtextextended('registry.stream.schemaChanges', 0))");
  const failed = Promise.allSettled(requests.map((request) => publishSchema(sharing, request)));
  await waiting();
  proxy.cut();
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await direct.query('commit');
  proxy.heal();
  for (const request of requests) {
    expect(await publishSchema(sharing, request)).toMatchObject({ version: { version: 1 } });
    expect(await publishSchema(sharing, request)).toMatchObject({ kind: 'known', version: { version: 1 } });
  }
  const { rows } = await direct.query(
    "select item ->> 'subject' as subject from stream_event where item ->> 'subject' like 'cut-%' order by 1",
  );
  expect(rows.map(({ subject }) => subject)).toEqual(['cut-1', 'cut-2', 'cut-3']);
});

/** Until a session waits for the lock that is held here. */
async function waiting(): Promise<void> {
  await eventually(async () => {
    const { rows } = await direct.query(
      `select 1 from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(rows).toHaveLength(1);
  });
}
