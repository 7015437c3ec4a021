import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentDigest } from '../domain/schema-source.ts';
import { getSubject } from '../usecases/get-subject.ts';
import { getVersion } from '../usecases/get-version.ts';
import { publishSchema } from '../usecases/publish-schema.ts';
import { createSchemaCache } from '../usecases/schema-cache.ts';
import { lifecycleMigration } from './lifecycle-migration.ts';
import { registryMigrations } from './migrations.ts';
import type { RegistryTables } from './registry-tables.ts';

let storage: TestDatabase;
let database: Database<RegistryTables>;
beforeAll(async () => {
  storage = await createTestDatabase();
  database = createDatabase({ url: storage.url, schema: 'registry', log: createRecordingLog() });
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

test('what an earlier registry published is what it was, under its level, and goes on', async () => {
  await migrate(
    database,
    registryMigrations.filter(({ version }) => version < lifecycleMigration.version),
  );
  const text = '{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}';
  const digest = contentDigest({ type: 'AVRO', text });
  const report = {
    level: 'BACKWARD',
    compatible: true,
    backward: true,
    forward: true,
    bump: 'MAJOR',
    incompatibilities: [],
  };
  await database.pool.query(
    `insert into registry.schema (digest, schema_type, fingerprint, text) values ($1, 'AVRO', $1, $2)`,
    [digest, text],
  );
  await database.pool.query(
    "insert into registry.subject (name, level, owner) values ('old', 'BACKWARD', 'crm')",
  );
  await database.pool.query(
    `insert into registry.subject_version (subject, version, schema_id, major, minor, patch, bump, tags, metadata, report, published_by)
     values ('old', 1, 1, 1, 0, 0, 'MAJOR', '{"a":["pii"]}', '{}', $1, 'ann')`,
    [JSON.stringify(report)],
  );

  await migrate(database, registryMigrations);
  const deps = { database, schemas: createSchemaCache() };
  expect(await getSubject(deps, 'old')).toMatchObject({
    level: 'BACKWARD',
    ownLevel: 'BACKWARD',
    profile: 'strict',
    registeredVia: 'spine',
    owner: 'crm',
  });
  const stored = await getVersion(deps, 'old', 'latest');
  expect(stored).toMatchObject({
    semver: { major: 1, minor: 0, patch: 0 },
    references: [],
    contentMetadata: null,
    tags: { a: ['pii'] },
    report: { ...report, profile: 'strict', affected: [] },
    state: { deletedAt: null },
  });
  // A UUID of version 8 that holds the digest but for its marks.
  const guid = stored.guid.replaceAll('-', '');
  expect(guid).toBe(`${digest.slice(0, 12)}8${digest.slice(13, 16)}8${digest.slice(17, 32)}`);

  const request = { subject: 'old', type: 'AVRO', publishedBy: 'ann', mayChangeLevel: false } as const;
  expect(await publishSchema(deps, { ...request, text })).toMatchObject({ kind: 'known' });
  const wider = text.replace('"string"}', '"string"},{"name":"b","type":"int","default":0}');
  expect(await publishSchema(deps, { ...request, text: wider })).toMatchObject({
    kind: 'published',
    version: { version: 2, semver: { minor: 1 }, tags: { a: ['pii'] } },
  });
});
