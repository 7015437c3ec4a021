import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConfluentRelease, confluentReleases } from '../../domain/confluent/confluent-release.ts';
import { registryTemplate, startRegistry, type TestRegistry } from '../../testing/start-registry.ts';

let storage: TestDatabase;
const registries = new Map<ConfluentRelease, TestRegistry>();
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  for (const confluentRelease of confluentReleases) {
    registries.set(confluentRelease, await startRegistry(storage.url, { confluentRelease }));
  }
});
afterAll(async () => {
  for (const registry of registries.values()) await registry.close();
  await storage.drop();
});

const ask = async (release: ConfluentRelease, method: 'GET' | 'POST', path: string, body?: object) => {
  const registry = registries.get(release);
  if (registry === undefined) throw new Error(`no registry shows the manners of ${release}`);
  return await registry.ask(method, path, body, 'steward');
};
const register = (release: ConfluentRelease, subject: string, schema: string, query = '') =>
  ask(release, 'POST', `/subjects/${subject}/versions${query}`, { schema });

test.each([
  ['7.9', 409],
  ['8.0', 409],
  ['8.1', 409],
  ['8.5', 40901],
] as const)('%s answers an incompatible schema with status 409 and the code %i', async (release, code) => {
  await register(release, `code-${release}`, '"string"');
  expect(await register(release, `code-${release}`, '"long"')).toMatchObject({
    status: 409,
    body: { error_code: code },
  });
});

test('7.9 names no AVRO and knows no guid, later ones do', async () => {
  const shapes = await Promise.all(
    confluentReleases.map(async (release) => {
      const { body } = await register(release, 'shape', '"string"');
      const read = await ask(release, 'GET', `/schemas/ids/${body.id}`);
      return [Object.keys(body).sort(), Object.keys(read.body).sort()];
    }),
  );
  const later = [
    ['deleted', 'guid', 'id', 'schema', 'schemaType', 'ts', 'version'],
    ['guid', 'schema', 'schemaType'],
  ];
  expect(shapes).toEqual([[['id', 'schema', 'version'], ['schema']], later, later, later]);
});

test('guids and associations are not served by 7.9', async () => {
  for (const path of ['/schemas/guids/00000000-0000-8000-8000-000000000000', '/associations/subjects/a']) {
    expect((await ask('7.9', 'GET', path)).body).toEqual({ error_code: 404, message: 'HTTP 404 Not Found' });
  }
  expect((await ask('8.1', 'GET', '/associations/subjects/a')).status).toBe(200);
});

test('only 8.5 lets a client force what breaks its subject', async () => {
  await register('8.1', 'force', '"string"');
  expect((await register('8.1', 'force', '"long"', '?force=true')).status).toBe(409);
  expect((await register('8.5', 'force', '"long"', '?force=true')).body.version).toBe(2);
});

test('each says its own release', async () => {
  for (const release of confluentReleases) {
    expect((await ask(release, 'GET', '/v1/metadata/version')).body.version).toBe(`${release}.0`);
  }
});
