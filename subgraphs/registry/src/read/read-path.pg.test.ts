import { eventually } from '@spine/testkit/eventually';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordText, registryTemplate, startRegistry, type TestRegistry } from '../testing/start-registry.ts';

let storage: TestDatabase;
let one: TestRegistry;
let other: TestRegistry;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  [one, other] = [await startRegistry(storage.url), await startRegistry(storage.url)];
});
afterAll(async () => {
  await one.close();
  await other.close();
  await storage.drop();
});

const id = { name: 'id', type: 'long' };
const optional = (name: string) => ({ name, type: ['null', 'string'], default: null });

async function publish(subject: string, ...names: readonly string[]) {
  const fields = [id, ...names.map(optional)];
  return await one.ask('POST', `/schemas/${subject}`, { schema: recordText(fields) });
}

async function latest(registry: TestRegistry, subject: string) {
  const { status, body } = await registry.ask('GET', `/schemas/${subject}`, undefined, 'viewer');
  return status === 200 ? { level: body.level, semver: body.latest?.semver } : status;
}

test('the latest version is never told stale, whichever process changed the subject', async () => {
  const subject = 'fresh';
  await publish(subject);
  for (const registry of [one, other])
    expect(await latest(registry, subject)).toEqual({ level: 'FULL', semver: '1.0.0' });
  await publish(subject, 'a');
  for (const registry of [one, other])
    expect(await latest(registry, subject)).toMatchObject({ semver: '1.1.0' });
  await one.ask('POST', `/schemas/${subject}/rollback`, { to: '1.0.0' }, 'steward');
  for (const registry of [one, other])
    expect(await latest(registry, subject)).toMatchObject({ semver: '1.0.0' });
  await one.ask('PUT', `/schemas/${subject}/settings`, { level: 'BACKWARD' }, 'steward');
  for (const registry of [one, other])
    expect(await latest(registry, subject)).toMatchObject({ level: 'BACKWARD' });
  await one.ask('DELETE', `/schemas/${subject}`, undefined, 'steward');
  for (const registry of [one, other]) expect(await latest(registry, subject)).toBe(404);
});

test('a content that was removed for good is forgotten by every process', async () => {
  const schemaId = (await publish('removed', 'only_here')).body.id;
  const read = async (registry: TestRegistry) =>
    (await registry.ask('GET', `/schemas/ids/${schemaId}`)).status;
  expect([await read(one), await read(other)]).toEqual([200, 200]);
  await one.ask('DELETE', '/schemas/removed', undefined, 'steward');
  expect([await read(one), await read(other)]).toEqual([200, 200]);
  await one.ask('DELETE', '/schemas/removed?permanent=true', undefined, 'steward');
  await eventually(async () => expect([await read(one), await read(other)]).toEqual([404, 404]));
});

// One of the two reads the level and the mode that are set around the subject.
test('a publish or a read of a subject that did not change takes two statements, a read by id none', async () => {
  await publish('counted', 'a');
  const published = await statementsOf(() => publish('counted', 'a', 'b'));
  expect(published).toEqual({ status: 201, statements: 2 });
  expect(await statementsOf(() => publish('counted', 'a', 'b'))).toEqual({ status: 200, statements: 2 });
  const schemaId = (await one.ask('GET', '/schemas/counted')).body.latest.id;
  expect(await statementsOf(() => one.ask('GET', '/schemas/counted'))).toEqual({
    status: 200,
    statements: 2,
  });
  await one.ask('GET', `/schemas/ids/${schemaId}`);
  expect(await statementsOf(() => one.ask('GET', `/schemas/ids/${schemaId}`))).toEqual({
    status: 200,
    statements: 0,
  });
});

test('publishers of one subject in several processes lose nothing and get a position each', async () => {
  const registries = [one, other];
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      registries[index % 2]?.ask('POST', '/schemas/raced', {
        schema: recordText([id, optional(`field_${index}`)]),
      }),
    ),
  );
  expect(answers.map((answer) => answer?.status)).toEqual(answers.map(() => 201));
  const positions = answers.map((answer) => answer?.body.version).sort((a, b) => a - b);
  expect(positions).toEqual(answers.map((_, index) => index + 1));
});

async function statementsOf(act: () => Promise<{ status: number }>) {
  const original = pg.Client.prototype.query;
  let statements = 0;
  pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : Object(first).text;
    // Readers of the stream look for news by themselves.
    if (!/stream_(event|head)/.test(String(text))) statements += 1;
    return Reflect.apply(original, this, args);
  } as typeof original;
  try {
    const { status } = await act();
    return { status, statements };
  } finally {
    pg.Client.prototype.query = original;
  }
}
