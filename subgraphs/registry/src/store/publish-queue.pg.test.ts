import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { optional, publishRequest } from '../testing/publish-builder.ts';
import { registryTemplate } from '../testing/start-registry.ts';
import { publishSchema } from '../usecases/publish-schema.ts';
import type { RegistryDeps } from '../usecases/registry-deps.ts';
import { createSchemaCache } from '../usecases/schema-cache.ts';
import { createPublishQueue } from './publish-queue.ts';
import type { RegistryTables } from './registry-tables.ts';

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

const instance = (): RegistryDeps => ({
  database,
  schemas: createSchemaCache(),
  publishes: createPublishQueue(database),
});
const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

test('publishes of many subjects share commits, and each is announced once', async () => {
  const deps = instance();
  const subjects = names('shared', 40);
  const outcomes = await Promise.all(
    subjects.map((subject) =>
      publishSchema(deps, publishRequest(subject, [optional(`of_${subject.at(-1)}`)])),
    ),
  );
  expect(outcomes.every(({ kind }) => kind === 'published')).toBe(true);
  expect(await commitsOf('shared')).toBeLessThan(20);
  const { rows } = await sql<{ subject: string }>`
    select item ->> 'subject' as subject from stream_event where item ->> 'subject' like 'shared-%'
  `.execute(database.kysely);
  expect(rows.map(({ subject }) => subject).toSorted()).toEqual(subjects.toSorted());
});

test('a batch is bounded by the length of its texts, and what is longer goes alone', async () => {
  const deps = { ...instance(), publishes: createPublishQueue(database, { maxCharacters: 1 }) };
  const outcomes = await Promise.all(
    names('long', 4).map((subject) => publishSchema(deps, publishRequest(subject, [optional('a')]))),
  );
  expect(outcomes.every(({ kind }) => kind === 'published')).toBe(true);
  expect(await commitsOf('long')).toBe(4);
});

test('what the database refuses of one hurts none of those who share its commit', async () => {
  const deps = instance();
  const outcomes = await Promise.allSettled(
    names('hurt', 8).map((subject, index) =>
      publishSchema(deps, {
        ...publishRequest(subject, [optional('a')]),
        // Postgres stores no such character.
        metadata: { note: index === 3 ? 'a\u0000b' : 'ab' },
      }),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(
    Array.from({ length: 8 }, (_, index) => (index === 3 ? 'rejected' : 'fulfilled')),
  );
  const { rows } = await sql<{ subject: string }>`
    select subject from subject_version where subject like 'hurt-%' order by subject`.execute(
    database.kysely,
  );
  expect(rows.map(({ subject }) => subject)).toEqual(names('hurt', 8).filter((_, index) => index !== 3));
  const told = await sql`select from stream_event where item ->> 'subject' = 'hurt-3'`.execute(
    database.kysely,
  );
  expect(told.rows).toHaveLength(0);
});

test('a subject that is held keeps nobody waiting but its own publishers', async () => {
  const deps = instance();
  let held: Promise<unknown> = Promise.resolve();
  await database.kysely.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('registry.subject.held', 0))`.execute(trx);
    held = publishSchema(deps, publishRequest('held', [optional('a')]));
    const free = await Promise.all(
      names('free', 5).map((subject) => publishSchema(deps, publishRequest(subject, [optional('a')]))),
    );
    expect(free.every(({ kind }) => kind === 'published')).toBe(true);
    expect(await versionsOf('held')).toBe(0);
  });
  expect(await held).toMatchObject({ kind: 'published', version: { version: 1 } });
});

test('of two publishers of one subject the second is judged by what the first stored', async () => {
  const deps = instance();
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((name) => publishSchema(deps, publishRequest('twice', [optional(name)]))),
  );
  const versions = outcomes.map((outcome) => ('version' in outcome ? outcome.version : undefined));
  expect(versions.map((version) => version?.version).toSorted()).toEqual([1, 2, 3]);
  expect(versions.map((version) => version?.semver.minor).toSorted()).toEqual([0, 1, 2]);
});

test('instances that publish the same contents in other orders get one id for each', async () => {
  const [first, second] = [instance(), instance()];
  const publish = (deps: RegistryDeps, prefix: string, order: readonly number[]) =>
    Promise.all(
      order.map((n) => publishSchema(deps, publishRequest(`${prefix}-${n}`, [optional(`content_${n}`)]))),
    );
  const order = Array.from({ length: 20 }, (_, index) => index);
  const [there, back] = await Promise.all([
    publish(first, 'there', order),
    publish(second, 'back', order.toReversed()),
  ]);
  const ids = (outcomes: typeof there) =>
    outcomes.map((outcome) => ('version' in outcome ? outcome.version.schemaId : 0));
  expect(ids(back).toReversed()).toEqual(ids(there));
  expect(new Set(ids(there)).size).toBe(20);
});

test('the sequence passes over ids that an import brought', async () => {
  const deps = instance();
  const { rows } = await sql<{ next: number }>`select (last_value + 2)::int as next from schema_id`.execute(
    database.kysely,
  );
  const next = rows[0]?.next ?? 0;
  const text = (name: string) => publishRequest('x', [optional(name)]).text;
  for (const [index, id] of [next, next + 1].entries()) {
    // As an import does that ran before the sequence came this far.
    await sql`insert into schema (id, digest, schema_type, fingerprint, text)
      values (${id}, ${String(index).repeat(64)}, 'AVRO', 'f', ${text('i')})`.execute(database.kysely);
  }
  const outcomes = await Promise.all(
    names('passes', 4).map((subject) =>
      publishSchema(deps, publishRequest(subject, [optional(`p${subject.at(-1)}`)])),
    ),
  );
  const ids = outcomes.map((outcome) => ('version' in outcome ? outcome.version.schemaId : 0));
  expect(new Set(ids).size).toBe(4);
  expect(ids).not.toContain(next);
  expect(ids).not.toContain(next + 1);
});

/** How many commits stored the versions of subjects with this prefix. */
async function commitsOf(prefix: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct xmin::text)::int as n from subject_version where starts_with(subject, ${`${prefix}-`})
  `.execute(database.kysely);
  return rows[0]?.n ?? 0;
}

async function versionsOf(subject: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from subject_version where subject = ${subject}`.execute(database.kysely);
  return rows[0]?.n ?? 0;
}
