import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSemver } from '../domain/semver.ts';
import { optional, publishRequest, required } from '../testing/publish-builder.ts';
import { registryTemplate } from '../testing/start-registry.ts';
import { checkSchema } from '../usecases/check-schema.ts';
import { deleteSubject } from '../usecases/delete-versions.ts';
import type { PublishRequest } from '../usecases/publish-request.ts';
import { publishSchema } from '../usecases/publish-schema.ts';
import type { RegistryDeps } from '../usecases/registry-deps.ts';
import { createSchemaCache } from '../usecases/schema-cache.ts';
import { createPublishQueue } from './publish-queue.ts';
import type { RegistryTables } from './registry-tables.ts';
import { readSubjectState } from './subject-state.ts';
import { createSubjectStates, type SubjectStates } from './subject-states.ts';

let storage: TestDatabase;
let database: Database<RegistryTables>;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  database = createDatabase({ url: storage.url, schema: 'registry', log: createRecordingLog() });
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

const instance = (states: SubjectStates = createSubjectStates()): RegistryDeps => ({
  database,
  schemas: createSchemaCache(),
  publishes: createPublishQueue(database),
  states,
});

test.each<[string, Partial<PublishRequest>]>([
  ['nothing but a schema', {}],
  ['labels', { tags: { a: ['pii:email', 'core'] }, dataClass: 'confidential', retention: 'P30D' }],
  ['facts', { metadata: { zeta: '1', a: '2' }, contentMetadata: { properties: { b: 'x', a: 'y' } } }],
  ['settings', { level: 'FULL', profile: 'confluent', owner: 'bob', dataset: { namespace: 'n', name: 'm' } }],
  ['a number', { requested: parseSemver('4.2.0-rc.1') }],
  ['a key', { idempotencyKey: 'k' }],
])('what is remembered after a publish with %s is what reading it finds', async (what, more) => {
  const states = createSubjectStates();
  const deps = instance(states);
  const subject = `kept-${what}`;
  await publishSchema(deps, publishRequest(subject, [optional('a')]));
  const outcome = await publishSchema(
    deps,
    publishRequest(subject, [optional('a'), optional('b')], { mayChangeLevel: true, ...more }),
  );
  expect(outcome.kind).toBe('published');
  const remembered = states.recall(subject);
  expect(remembered?.versions).toHaveLength(2);
  expect(remembered).toEqual(await readSubjectState(database.kysely, subject));
});

test('a publisher whose memory is of yesterday judges by today', async () => {
  const [here, there] = [instance(), instance()];
  await publishSchema(here, publishRequest('moved', [optional('a')]));
  await publishSchema(there, publishRequest('moved', [optional('b')]));
  const outcome = await publishSchema(here, publishRequest('moved', [optional('c')]));
  expect(outcome).toMatchObject({ kind: 'published', version: { version: 3, semver: { minor: 2 } } });
});

test('what memory refuses is refused only if it still holds', async () => {
  const [here, there] = [instance(), instance()];
  const breaking = publishRequest('eased', [optional('a'), required('b')]);
  await publishSchema(here, publishRequest('eased', [optional('a')], { level: 'BACKWARD' }));
  expect((await publishSchema(here, breaking)).kind).toBe('incompatible');
  await publishSchema(
    there,
    publishRequest('eased', [optional('a')], { level: 'NONE', mayChangeLevel: true }),
  );
  expect((await checkSchema(here, breaking)).assessment.level).toBe('NONE');
  expect((await publishSchema(here, breaking)).kind).toBe('published');
});

test('what is there already is answered from memory, and never a version that was removed', async () => {
  const [here, there] = [instance(), instance()];
  const first = publishRequest('gone', [optional('a')]);
  await publishSchema(here, first);
  expect(await publishSchema(here, first)).toMatchObject({ kind: 'known', version: { version: 1 } });
  await deleteSubject(there, 'gone', { permanent: false });
  await deleteSubject(there, 'gone', { permanent: true });
  expect(await publishSchema(here, first)).toMatchObject({ kind: 'published', version: { version: 1 } });
});

test('what memory would take is refused where the subject is another one by now', async () => {
  const [here, there] = [instance(), instance()];
  const breaking = publishRequest('tightened', [optional('a'), required('b')]);
  await publishSchema(here, publishRequest('tightened', [optional('a')], { level: 'NONE' }));
  await publishSchema(
    there,
    publishRequest('tightened', [optional('a')], { level: 'BACKWARD', mayChangeLevel: true }),
  );
  expect((await publishSchema(here, breaking)).kind).toBe('incompatible');
});

test('a publish of a subject that is remembered asks the database once', async () => {
  const deps = instance();
  await publishSchema(deps, publishRequest('once', [optional('a')], { level: 'BACKWARD' }));
  let statements = 0;
  // Every statement outside a transaction takes a connection for itself.
  const counted = (): void => {
    statements += 1;
  };
  database.pool.on('acquire', counted);
  await publishSchema(deps, publishRequest('once', [optional('a'), optional('b')]));
  database.pool.off('acquire', counted);
  expect(statements).toBe(1);
});

test('what is used least is forgotten first, and all of it fits the bound', async () => {
  const states = createSubjectStates(4);
  const state = (token: string, count: number) => ({
    subject: undefined,
    versions: Array.from({ length: count }, () => head),
    usages: [],
    token,
  });
  states.remember('a', state('1', 1));
  states.remember('b', state('2', 1));
  states.recall('a');
  states.remember('c', state('3', 1));
  expect(['a', 'b', 'c'].map((name) => states.recall(name)?.token)).toEqual(['1', undefined, '3']);
  states.remember('large', state('4', 4));
  expect(states.recall('large')).toBeUndefined();
  states.remember('nobody', state('', 0));
  expect(states.recall('nobody')).toBeUndefined();
});

const head = {
  subject: 'a',
  version: 1,
  semver: { major: 1, minor: 0, patch: 0 },
  schemaId: 1,
  schemaType: 'AVRO',
  digest: 'd',
  fingerprint: 'f',
  tags: {},
  metadata: {},
  contentMetadata: null,
  state: { deletedAt: null, erasedAt: null, rolledBack: null, deprecation: null },
} as const;
