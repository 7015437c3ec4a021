import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatSemver, parseSemver } from '../domain/semver.ts';
import { createPublishQueue } from '../store/publish-queue.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { createSubjectStates } from '../store/subject-states.ts';
import { recordText, registryTemplate } from '../testing/start-registry.ts';
import type { PublishRequest } from './publish-request.ts';
import { publishSchema } from './publish-schema.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { createSchemaCache } from './schema-cache.ts';

let storage: TestDatabase;
let database: Database<RegistryTables>;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  database = createDatabase({ url: storage.url, schema: 'registry', log: createRecordingLog(), max: 16 });
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

/** Every instance of the service has memory and a queue of its own. */
const instance = (): RegistryDeps => ({
  database,
  schemas: createSchemaCache(),
  publishes: createPublishQueue(database),
  states: createSubjectStates(),
});
const field = (name: string): object => ({ name, type: ['null', 'string'], default: null });
const request = (
  subject: string,
  fields: readonly object[],
  more: Partial<PublishRequest> = {},
): PublishRequest => ({
  subject,
  type: 'AVRO',
  text: recordText(fields),
  publishedBy: 'ann',
  mayChangeLevel: false,
  ...more,
});

test('publishers of one subject take turns: positions have no holes and numbers no twins', async () => {
  const instances = [instance(), instance()];
  const outcomes = await Promise.all(
    Array.from({ length: 24 }, (_, i) =>
      publishSchema(instances[i % 2] ?? instance(), request('contended', [field(`f${i}`)])),
    ),
  );
  expect(outcomes.every((outcome) => outcome.kind === 'published')).toBe(true);
  const rows = await database.kysely
    .selectFrom('subject_version')
    .select(['version', 'major', 'minor', 'patch', 'report'])
    .where('subject', '=', 'contended')
    .orderBy('version')
    .execute();
  expect(rows.map((row) => row.version)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  expect(rows.map(formatSemver)).toEqual(Array.from({ length: 24 }, (_, i) => `1.${i}.0`));
});

test('publishers of one content get one version and one id, under every subject', async () => {
  const subjects = ['same-a', 'same-b', 'same-c'];
  const outcomes = await Promise.all(
    Array.from({ length: 24 }, (_, i) =>
      publishSchema(instance(), request(subjects[i % 3] ?? '', [field('same')])),
    ),
  );
  const kinds = outcomes.map((outcome) => outcome.kind);
  expect(kinds.filter((kind) => kind === 'published')).toHaveLength(3);
  expect(kinds.filter((kind) => kind === 'known')).toHaveLength(21);
  const ids = outcomes.map((outcome) => ('version' in outcome ? outcome.version.schemaId : 0));
  expect(new Set(ids).size).toBe(1);
});

test('every publish is announced once, in the order of positions, and a refusal never', async () => {
  await publishSchema(instance(), request('told', [field('a')]));
  await publishSchema(instance(), request('told', [field('a'), field('b')]));
  await publishSchema(instance(), request('told', [field('a')]));
  await publishSchema(instance(), request('told', [{ name: 'x', type: 'int' }]));
  const { rows } = await sql<{ item: { subject: string; version: number } }>`
    select item from stream_event where stream = 'schemaChanges' and item ->> 'subject' = 'told' order by seq
  `.execute(database.kysely);
  expect(rows.map((row) => row.item.version)).toEqual([1, 2]);
});

test('what was published never changes (invariant 8)', async () => {
  await publishSchema(instance(), request('fixed', [field('a')]));
  const change = database.kysely.updateTable('subject_version').set({ bump: 'PATCH' }).execute();
  await expect(change).rejects.toThrow(/never changes/);
  await expect(database.kysely.deleteFrom('schema').execute()).rejects.toThrow(/never changes/);
});

test('a key repeated with its request repeats the answer, with another it is refused', async () => {
  const first = request('keyed', [field('a')], { idempotencyKey: 'k1' });
  const published = await publishSchema(instance(), first);
  await publishSchema(instance(), request('keyed', [field('a'), field('b')]));
  expect(await publishSchema(instance(), first)).toEqual({
    kind: 'known',
    version: 'version' in published ? published.version : undefined,
  });
  const other = request('keyed', [field('c')], { idempotencyKey: 'k1' });
  await expect(publishSchema(instance(), other)).rejects.toThrow(
    expect.objectContaining({ code: 'CONFLICT' }),
  );
  // Another principal's keys are its own.
  expect((await publishSchema(instance(), { ...other, publishedBy: 'bob' })).kind).toBe('published');
});

test('a content that is published keeps its number', async () => {
  await publishSchema(instance(), request('numbered', [field('a')]));
  const renumbered = request('numbered', [field('a')], { requested: parseSemver('3.0.0') });
  await expect(publishSchema(instance(), renumbered)).rejects.toThrow(
    expect.objectContaining({ code: 'CONFLICT' }),
  );
  const same = request('numbered', [field('a')], { requested: parseSemver('1.0.0') });
  expect((await publishSchema(instance(), same)).kind).toBe('known');
});

test('a cache that holds next to nothing changes no answer', async () => {
  const deps: RegistryDeps = { database, schemas: createSchemaCache(1) };
  for (let i = 0; i < 6; i += 1) {
    const fields = Array.from({ length: i + 1 }, (_, at) => field(`f${at}`));
    expect((await publishSchema(deps, request('forgetful', fields))).kind).toBe('published');
  }
  expect(await publishSchema(deps, request('forgetful', [{ name: 'x', type: 'int' }]))).toMatchObject({
    kind: 'incompatible',
  });
});
