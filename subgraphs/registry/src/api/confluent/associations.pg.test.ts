import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registryTemplate, startRegistry, type TestRegistry } from '../../testing/start-registry.ts';

let storage: TestDatabase;
let registry: TestRegistry;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  registry = await startRegistry(storage.url);
});
afterAll(async () => {
  await registry.close();
  await storage.drop();
});

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) =>
  registry.ask(method, path, body, 'steward');
const topic = (name: string, ...associations: object[]) => ({
  resourceName: name,
  resourceNamespace: 'lkc-1',
  resourceId: `id-${name}`,
  resourceType: 'topic',
  associations,
});
const register = (subject: string) => ask('POST', `/subjects/${subject}/versions`, { schema: '"string"' });

test('a subject is tied to a topic and found from both ends', async () => {
  await register('orders-own');
  const tied = await ask(
    'POST',
    '/associations',
    topic('orders', { subject: 'orders-own', associationType: 'value' }),
  );
  expect(tied).toMatchObject({
    status: 200,
    body: {
      resourceName: 'orders',
      associations: [{ subject: 'orders-own', lifecycle: 'WEAK', frozen: false }],
    },
  });
  const found = [
    expect.objectContaining({ subject: 'orders-own', resourceId: 'id-orders', guid: expect.any(String) }),
  ];
  expect((await ask('GET', '/associations/subjects/orders-own')).body).toEqual(found);
  expect((await ask('GET', '/associations/resources/id-orders')).body).toEqual(found);
  expect((await ask('GET', '/associations/resources/lkc-1/orders?associationType=value')).body).toEqual(
    found,
  );
  expect((await ask('GET', '/associations/resources/-/orders')).body).toEqual(found);
  expect((await ask('GET', '/associations/resources/lkc-1/orders?associationType=key')).body).toEqual([]);
  expect((await ask('GET', '/associations/resources/lkc-1/orders?lifecycle=STRONG')).body).toEqual([]);
});

test('tying again is idempotent, another subject for the same part is a conflict', async () => {
  await register('again-a');
  await register('again-b');
  const first = await ask('POST', '/associations', topic('again', { subject: 'again-a' }));
  expect((await ask('POST', '/associations', topic('again', { subject: 'again-a' }))).body).toEqual(
    first.body,
  );
  expect((await ask('POST', '/associations', topic('again', { subject: 'again-b' }))).body).toMatchObject({
    error_code: 40903,
  });
  expect(
    (await ask('POST', '/associations', topic('again', { subject: 'again-a', lifecycle: 'STRONG' }))).body
      .error_code,
  ).toBe(40903);
  const updated = await ask(
    'PUT',
    '/associations/resources/id-again',
    topic('again', { subject: 'again-a', lifecycle: 'STRONG' }),
  );
  expect(updated.body.associations).toMatchObject([{ lifecycle: 'STRONG' }]);
});

test('a subject that is tied strongly is not shared', async () => {
  await register('strong');
  await ask('POST', '/associations', topic('strong-1', { subject: 'strong', lifecycle: 'STRONG' }));
  expect(await ask('POST', '/associations', topic('strong-2', { subject: 'strong' }))).toMatchObject({
    status: 409,
    body: { error_code: 40905 },
  });
  await register('weak');
  await ask('POST', '/associations', topic('weak-1', { subject: 'weak' }));
  expect(
    (await ask('POST', '/associations', topic('weak-2', { subject: 'weak', lifecycle: 'STRONG' }))).body
      .error_code,
  ).toBe(40904);
});

test('a schema may come along, and without one the subject must be there', async () => {
  expect((await ask('POST', '/associations', topic('new', { subject: 'new-own' }))).body.error_code).toBe(
    40907,
  );
  await ask(
    'POST',
    '/associations',
    topic('new', { associationType: 'key', schema: { schema: '"long"' }, lifecycle: 'STRONG' }),
  );
  expect((await ask('GET', '/subjects/:.lkc-1:new-key/versions/latest')).body).toMatchObject({
    version: 1,
    schema: '"long"',
  });
  const dry = await ask('POST', '/associations?dryRun=true', topic('dry', { schema: { schema: '"long"' } }));
  expect(dry.status).toBe(200);
  expect((await ask('GET', '/associations/resources/id-dry')).body).toEqual([]);
});

test('what is strong goes with its resource where that is asked for, what is frozen stays', async () => {
  await ask('POST', '/associations', topic('gone', { schema: { schema: '"long"' }, lifecycle: 'STRONG' }));
  expect((await ask('DELETE', '/associations/resources/id-gone?cascadeLifecycle=true')).status).toBe(204);
  expect((await ask('GET', '/subjects/:.lkc-1:gone-value/versions')).body.error_code).toBe(40401);
  expect((await ask('DELETE', '/associations/resources/id-gone')).body).toEqual({
    error_code: 40410,
    message: "Association for 'id-gone' not found.",
  });
  await ask(
    'POST',
    '/associations',
    topic('ice', { schema: { schema: '"long"' }, lifecycle: 'STRONG', frozen: true }),
  );
  expect((await ask('DELETE', '/associations/resources/id-ice')).body.error_code).toBe(40908);
});

test.each([
  ['no name', { ...topic('x', {}), resourceName: '' }],
  ['another type', { ...topic('x', {}), resourceType: 'queue' }],
  ['no parts', topic('x')],
  ['a part that there is not', topic('x', { associationType: 'header' })],
])('%s is refused with 42212', async (_name, body) => {
  expect(await ask('POST', '/associations', body)).toMatchObject({
    status: 422,
    body: { error_code: 42212 },
  });
});

test('a batch does each for itself', async () => {
  await register('batch');
  const requests = [
    topic('b1', { operation: 'CREATE', subject: 'batch' }),
    topic('b2', { operation: 'CREATE', subject: 'nobody' }),
  ];
  const { body } = await ask('POST', '/associations:batchMutate', { requests });
  expect(body.results).toMatchObject([{ result: { resourceName: 'b1' } }, { error: { error_code: 40907 } }]);
  const read = await ask('POST', '/associations:batchGet', {
    requests: [{ resourceId: 'id-b1' }, { resourceId: 'none' }],
  });
  expect(read.body.results).toMatchObject([
    { result: { associations: [{ subject: 'batch' }] } },
    { result: {} },
  ]);
});
