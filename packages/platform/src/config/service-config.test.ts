import { Problem } from '@spine/kernel/problem';
import { expect, test } from 'vitest';
import { parseServiceConfig } from './service-config.ts';

const secret = 'x'.repeat(32);
const registry = { name: 'registry', port: 4001 };

test("a service's own variables win over the shared ones", () => {
  const config = parseServiceConfig(registry, {
    SPINE_DATABASE_URL: 'postgres://shared/db',
    SPINE_REGISTRY_DATABASE_URL: 'postgres://own/db',
    SPINE_REGISTRY_PORT: '5001',
    SPINE_SERVICE_SECRET: secret,
  });
  expect(config).toMatchObject({
    databaseUrl: 'postgres://own/db',
    port: 5001,
    host: '127.0.0.1',
    tokensFile: null,
  });
  expect(config.streamSecret).not.toBe(secret);
});

test('a missing database, a short secret and a port that is none are told at once, each by its variable', () => {
  const parse = () =>
    parseServiceConfig(registry, { SPINE_SERVICE_SECRET: 'short', SPINE_REGISTRY_PORT: 'http' });
  expect(parse).toThrow(Problem);
  for (const variable of ['SPINE_SERVICE_SECRET', 'SPINE_DATABASE_URL', 'SPINE_REGISTRY_PORT']) {
    expect(parse).toThrow(variable);
  }
});
