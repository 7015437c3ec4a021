import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ConfluentCaller,
  optional,
  orderText,
  startConfluentCaller,
} from './confluent/testing/confluent-caller.ts';

/** What Kafka clients set for a subject, a context or everything binds our own doors, too. */

let caller: ConfluentCaller;
beforeAll(async () => {
  caller = await startConfluentCaller();
});
afterAll(() => caller.close());

const publish = (subject: string, schema: string, more: object = {}) =>
  caller.post(`/schemas/${encodeURIComponent(subject)}`, { schema, ...more });

async function graph(query: string, input: object) {
  const asked = await caller.registry.askSigned('/graphql', { query, variables: { input } }, 'steward');
  expect(asked.body.errors).toBeUndefined();
  return Object.values(asked.body.data)[0];
}

async function levelsOf(subject: string) {
  const path = `/schemas/${encodeURIComponent(subject)}`;
  const listed = (await caller.get('/schemas?first=100')).body.subjects;
  const query = 'query ($name: ID!) { subject(name: $name) { level } }';
  const asked = await caller.registry.askSigned(
    '/graphql',
    { query, variables: { name: subject } },
    'viewer',
  );
  return new Set([
    (await caller.get(path)).body.level,
    (await caller.get(`${path}/settings`)).body.level,
    listed.find(({ name }: { name: string }) => name === subject).level,
    asked.body.data.subject.level,
    (await caller.post(`${path}/check`, { schema: orderText('id', 'checked') })).body.report.level,
    (await caller.get(`/config/${encodeURIComponent(subject)}?defaultToGlobal=true`)).body.compatibilityLevel,
  ]);
}

test('a level that is set for everything or for a context holds, and shows, wherever a subject has none of its own', async () => {
  await publish('ours', orderText('id'));
  await caller.register('theirs', orderText('id'));
  await publish(':.lab:ours', orderText('id'));
  await publish('own', orderText('id'), { level: 'FORWARD' });
  expect(await levelsOf('ours')).toEqual(new Set(['FULL']));
  expect(await levelsOf('theirs')).toEqual(new Set(['BACKWARD']));

  await caller.put('/config', { compatibility: 'FORWARD_TRANSITIVE' });
  await caller.put('/config/:.lab:', { compatibility: 'BACKWARD_TRANSITIVE' });
  for (const name of ['ours', 'theirs']) {
    expect(await levelsOf(name)).toEqual(new Set(['FORWARD_TRANSITIVE']));
  }
  expect(await levelsOf(':.lab:ours')).toEqual(new Set(['BACKWARD_TRANSITIVE']));
  expect(await levelsOf('own')).toEqual(new Set(['FORWARD']));

  // Old readers pass over what is new, new readers miss it in old data: FORWARD takes it, BACKWARD does not.
  expect((await publish('ours', orderText('id', 'b'))).status).toBe(201);
  expect((await publish('newcomer', orderText('id'))).status).toBe(201);
  expect((await publish('newcomer', orderText('id', 'b'))).status).toBe(201);
  expect((await publish(':.lab:ours', orderText('id', 'b'))).body.code).toBe('INCOMPATIBLE_SCHEMA');

  await caller.remove('/config');
  expect(await levelsOf('ours')).toEqual(new Set(['FULL']));
  expect((await caller.get('/config/ours')).body).toEqual({ compatibilityLevel: 'FULL' });
});

test('a config without a level leaves a subject of ours to inherit', async () => {
  await publish('aliasless', orderText('id'));
  await caller.put('/config/aliasless', { normalize: true });
  await caller.put('/config', { compatibility: 'NONE' });
  expect((await caller.get('/schemas/aliasless/settings')).body).toMatchObject({
    level: 'NONE',
    inherited: true,
  });
  await caller.remove('/config');
});

test('a publisher gives no level by way of their doors to a subject of ours', async () => {
  await caller.post('/schemas/guarded', { schema: orderText('id') }, 'publisher');
  const refused = await caller.put('/config/guarded', { compatibility: 'NONE' }, 'publisher');
  expect(refused.body.error_code).toBe(40301);
});

test.each(['READONLY', 'READONLY_OVERRIDE'])(
  'in mode %s nothing changes by our own doors, and what is there is answered',
  async (mode) => {
    const subject = `kept-${mode}`;
    await publish(subject, orderText('id'));
    const scope = mode === 'READONLY' ? `/mode/${subject}` : '/mode';
    await caller.put(scope, { mode });
    const path = `/schemas/${subject}`;
    const refused = { status: 409, body: { code: 'CONFLICT', mode } };

    expect(await publish(subject, orderText('id', optional('b')))).toMatchObject(refused);
    expect(await publish(subject, orderText('id'), { owner: 'somebody else' })).toMatchObject(refused);
    expect(await publish(subject, orderText('id'))).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await caller.post(`${path}/rollback`, { to: '1.0.0' })).toMatchObject(refused);
    expect(await caller.put(`${path}/versions/1/deprecation`, {})).toMatchObject(refused);
    expect(await caller.put(`${path}/settings`, { level: 'NONE' })).toMatchObject(refused);
    expect(await caller.remove(`${path}/versions/1`)).toMatchObject(refused);
    expect(await caller.remove(path)).toMatchObject(refused);
    expect((await caller.post(`${path}/check`, { schema: orderText('id', optional('b')) })).status).toBe(200);

    const published = await graph(
      `mutation ($input: UpdateSubjectSettingsInput!) {
        updateSubjectSettings(input: $input) { __typename ... on InvalidInput { code message } }
      }`,
      { subject, level: 'NONE' },
    );
    expect(published).toMatchObject({ __typename: 'InvalidInput', code: 'CONFLICT' });

    await caller.put(scope, { mode: 'READWRITE' });
    expect((await publish(subject, orderText('id', optional('b')))).status).toBe(201);
  },
);

test('while schemas are imported nothing is published without the id that it has elsewhere', async () => {
  await caller.put('/mode/:.copy:', { mode: 'IMPORT' });
  const refused = await publish(':.copy:orders', orderText('id', 'imported'));
  expect(refused).toMatchObject({ status: 409, body: { code: 'CONFLICT', mode: 'IMPORT' } });
  const more = { id: 70_001, version: 3 };
  expect((await caller.register(':.copy:orders', orderText('id', 'imported'), more)).body.id).toBe(70_001);
});
