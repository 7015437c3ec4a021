import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSemver } from '../domain/semver.ts';
import { putConfig } from '../store/confluent-settings.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { optional, publishRequest, required } from '../testing/publish-builder.ts';
import { registryTemplate } from '../testing/start-registry.ts';
import { deleteVersion } from './delete-versions.ts';
import { getSubject } from './get-subject.ts';
import type { PublishRequest } from './publish-request.ts';
import { publishSchema } from './publish-schema.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { createSchemaCache } from './schema-cache.ts';

let storage: TestDatabase;
let database: Database<RegistryTables>;
let deps: RegistryDeps;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  database = createDatabase({ url: storage.url, schema: 'registry', log: createRecordingLog(), max: 8 });
  deps = { database, schemas: createSchemaCache() };
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

/** As a Kafka client publishes. */
const register = (subject: string, fields: readonly object[], more: Partial<PublishRequest> = {}) =>
  publishSchema(deps, publishRequest(subject, fields, { via: 'confluent', ...more }));

describe('a subject that a Kafka client published first', () => {
  test('is held to BACKWARD and to the confluent profile, and not by a setting of its own', async () => {
    await register('foreign', [optional('a')]);
    expect(await getSubject(deps, 'foreign')).toMatchObject({
      level: 'BACKWARD',
      ownLevel: null,
      profile: 'confluent',
      registeredVia: 'confluent',
    });
    // A required field is gone: old readers miss it, which BACKWARD allows.
    await register('foreign', [optional('a'), { ...required('b'), default: '' }]);
    expect(await register('foreign', [optional('a'), required('b')])).toMatchObject({ kind: 'published' });
    expect(await register('foreign', [optional('a'), required('c')])).toMatchObject({ kind: 'incompatible' });
  });

  test('takes the level that its context says', async () => {
    const levelOf = () => 'FORWARD' as const;
    await register('inherits', [optional('a')], { levelOf });
    expect(await register('inherits', [optional('a'), required('b')], { levelOf })).toMatchObject({
      kind: 'published',
    });
  });

  test('is held to what is set for everything by our own paths, too', async () => {
    await register('global', [optional('a')]);
    await putConfig(database.kysely, '', { compatibilityLevel: 'FORWARD' });
    const own = publishRequest('global', [optional('a'), required('b')]);
    expect(await publishSchema(deps, own)).toMatchObject({
      kind: 'published',
      version: { report: { level: 'FORWARD', backward: false } },
    });
    await putConfig(database.kysely, '', {});
    expect(await publishSchema(deps, { ...own, text: own.text.replace('"b"', '"c"') })).toMatchObject({
      kind: 'incompatible',
      report: { level: 'BACKWARD' },
    });
  });

  test('gets an honest number even where the level takes what breaks an older version', async () => {
    await register('honest', [optional('a')]);
    await register('honest', [optional('a'), { ...optional('b') }]);
    // Reads the last version, which has b; the first one has none.
    expect(await register('honest', [optional('a'), { name: 'b', type: ['null', 'string'] }])).toMatchObject({
      kind: 'published',
      version: { semver: { major: 2 }, report: { compatible: true } },
    });
  });
});

test('a Kafka client follows the last position, and a transitive level means every version to it', async () => {
  const publish = (fields: readonly object[], version: string) =>
    publishSchema(deps, publishRequest('positions', fields, { requested: parseSemver(version) }));
  await publish([optional('a')], '1.0.0');
  await publish([{ name: 'n', type: 'int' }], '2.0.0');
  await publish([optional('a'), optional('b')], '1.1.0');
  expect(await register('positions', [optional('a'), optional('b'), optional('c')])).toMatchObject({
    kind: 'published',
    version: { version: 4, semver: { major: 1, minor: 2 } },
  });
  const transitive = { level: 'FULL_TRANSITIVE', mayChangeLevel: true } as const;
  expect(await register('positions', [optional('d')], transitive)).toMatchObject({ kind: 'incompatible' });
});

test('versions of another group are not compared', async () => {
  const group = (major: string) => ({
    contentMetadata: { properties: { major } },
    isCompared: ({ contentMetadata }: { readonly contentMetadata: unknown }) =>
      JSON.stringify(contentMetadata) === JSON.stringify({ properties: { major } }),
  });
  await register('groups', [optional('a')], group('1'));
  expect(await register('groups', [{ name: 'a', type: 'int' }], group('1'))).toMatchObject({
    kind: 'incompatible',
  });
  expect(await register('groups', [{ name: 'a', type: 'int' }], group('2'))).toMatchObject({
    kind: 'published',
    version: { contentMetadata: { properties: { major: '2' } } },
  });
});

describe('an import', () => {
  const bring = (subject: string, field: string, forcedId: number, forcedVersion: number) =>
    register(subject, [optional(field)], { forcedId, forcedVersion, skipCheck: true });

  test('keeps ids and positions, and new ids go on behind them', async () => {
    expect(await bring('import', 'first', 5_000, 3)).toMatchObject({
      version: { schemaId: 5_000, version: 3 },
    });
    expect(await bring('import', 'earlier', 4_999, 1)).toMatchObject({ version: { version: 1 } });
    const next = await register('import', [optional('first'), optional('next')]);
    expect(next).toMatchObject({ kind: 'published', version: { version: 4 } });
    expect('version' in next && next.version.schemaId).toBeGreaterThan(5_000);
  });

  test('does not take an id or a position that stands for something else', async () => {
    expect(await bring('import', 'other', 5_000, 9)).toEqual({ kind: 'id_taken', id: 5_000 });
    expect(await bring('import', 'first', 6_000, 9)).toMatchObject({ kind: 'id_taken' });
    expect(await bring('import', 'first', 6_000, 3)).toMatchObject({ kind: 'id_taken' });
    expect(await bring('import', 'other', 7_000, 3)).toEqual({ kind: 'position_taken', position: 3 });
    const { rows } = await database.pool.query('select 1 from schema where id in (6000, 7000)');
    expect(rows).toEqual([]);
  });

  test('that is repeated finds what it brought', async () => {
    expect(await bring('import', 'first', 5_000, 3)).toMatchObject({
      kind: 'known',
      version: { version: 3 },
    });
  });

  test('takes what breaks the level, and the report still tells', async () => {
    const broken = await register('import', [{ name: 'first', type: 'int' }], { skipCheck: true });
    expect(broken).toMatchObject({ kind: 'published', version: { report: { compatible: false } } });
  });
});

test('a content that was deleted and is registered again leaves the lists of deleted ones', async () => {
  await register('erased', [optional('a')]);
  await deleteVersion(deps, 'erased', 1, { permanent: false });
  expect(await register('erased', [optional('a')])).toMatchObject({ version: { version: 2 } });
  const { rows } = await database.pool.query(
    "select version from version_state where subject = 'erased' and erased_at is not null",
  );
  expect(rows).toEqual([{ version: 1 }]);
});

test('one content keeps one id and one guid under every subject', async () => {
  const one = await register('same-1', [optional('same')]);
  const other = await register('same-2', [optional('same')]);
  if (!('version' in one && 'version' in other)) throw new Error('refused');
  expect(other.version).toMatchObject({ schemaId: one.version.schemaId, guid: one.version.guid });
  const described = await register('same-1', [optional('same')], { contentMetadata: { tags: {} } });
  expect(described).not.toMatchObject({ version: { guid: one.version.guid } });
});
