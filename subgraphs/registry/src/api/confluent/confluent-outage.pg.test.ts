import { createTcpProxy, type TcpProxy } from '@spine/testkit/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registryTemplate, startRegistry, type TestRegistry } from '../../testing/start-registry.ts';

let storage: TestDatabase;
let proxy: TcpProxy;
let registry: TestRegistry;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  proxy = await createTcpProxy({ port: Number(new URL(storage.url).port) });
  registry = await startRegistry(proxy.through(storage.url));
});
afterAll(async () => {
  await registry.close();
  await proxy.close();
  await storage.drop();
});

test('without its database the registry answers as their clients try again, and what it knows by heart all the same', async () => {
  const { body } = await registry.ask('POST', '/subjects/outage/versions', { schema: '"string"' });
  const byId = () => registry.ask('GET', `/schemas/ids/${body.id}`);
  const read = await byId();
  proxy.cut();
  expect(await registry.ask('GET', '/subjects/outage/versions/latest')).toMatchObject({
    status: 503,
    body: { error_code: 50001 },
  });
  expect(await registry.ask('POST', '/subjects/outage/versions', { schema: '"bytes"' })).toMatchObject({
    status: 503,
    body: { error_code: 50001 },
  });
  expect(await byId()).toEqual(read);
});
