import { readFileSync } from 'node:fs';
import { knownVariables } from '@spine/platform/config/known-variables';
import { expect, test } from 'vitest';
import { parseGatewayConfig } from '../config.ts';
import { securityVariables } from './security-config.ts';

const env = { SPINE_SERVICE_SECRET: 'x'.repeat(32) };

test('without a setting everything is on but trusted documents, which need a manifest', () => {
  expect(parseGatewayConfig(env)).toMatchObject({
    limits: { depth: 12, aliases: 30, rootFields: 10, rootAliases: 10, directives: 50, fields: 1_000 },
    cost: { mode: 'enforce', most: 5_000 },
    trusted: { mode: 'off', manifestFile: null },
    http: { bodyBytes: 1_048_576, urlBytes: 8_192, headerBytes: 65_536 },
    databaseUrl: null,
  });
});

test('trusted documents without a manifest are a fault', () => {
  expect(() => parseGatewayConfig({ ...env, SPINE_GATEWAY_TRUSTED_DOCUMENTS: 'enforce' })).toThrow(
    'SPINE_GATEWAY_TRUSTED_MANIFEST',
  );
});

test.each([
  ['SPINE_GATEWAY_MAX_DEPTH', '0'],
  ['SPINE_GATEWAY_MAX_NESTING', '100000'],
  ['SPINE_GATEWAY_COST', 'sometimes'],
  ['SPINE_GATEWAY_RATE_COST_PER_MINUTE', '-1'],
])('%s=%s is a fault', (name, value) => {
  expect(() => parseGatewayConfig({ ...env, [name]: value })).toThrow(name);
});

test('the database of the gateway alone comes before that of all', () => {
  const all = { ...env, SPINE_DATABASE_URL: 'postgres://all' };
  expect(parseGatewayConfig(all).databaseUrl).toBe('postgres://all');
  expect(parseGatewayConfig({ ...all, SPINE_GATEWAY_DATABASE_URL: 'postgres://own' }).databaseUrl).toBe(
    'postgres://own',
  );
});

test('every variable is known, so that a misspelt one is told, and documented', () => {
  const page = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');
  for (const name of Object.keys(securityVariables)) {
    expect(knownVariables).toContain(name);
    const short = name.replace('SPINE_GATEWAY_MAX', '');
    expect(page.includes(`\`${name}\``) || page.includes(`\`${short}\``), name).toBe(true);
  }
});
