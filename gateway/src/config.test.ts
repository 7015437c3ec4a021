import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseGatewayConfig } from './config.ts';

const secret = { SPINE_SERVICE_SECRET: 'x'.repeat(32) };

test('without any setting but the secret it listens on 127.0.0.1:4000 with the committed supergraph', () => {
  const config = parseGatewayConfig(secret);
  expect(config).toMatchObject({ host: '127.0.0.1', port: 4000, tokensFile: null, allowedOrigins: [] });
  expect(config.urls.governance).toBe('http://127.0.0.1:4004');
  expect(existsSync(config.supergraph.from)).toBe(true);
  expect(existsSync(config.operationsFile)).toBe(true);
});

test('origins are a list', () => {
  const { allowedOrigins } = parseGatewayConfig({
    ...secret,
    SPINE_GATEWAY_ORIGINS: 'https://a.example, https://b.example',
  });
  expect(allowedOrigins).toEqual(['https://a.example', 'https://b.example']);
});

test('every fault is named at once', () => {
  const parse = () =>
    parseGatewayConfig({
      SPINE_SERVICE_SECRET: 'short',
      SPINE_CDC_URL: 'postgres://x',
      SPINE_GATEWAY_PORT: '70000',
      SPINE_GATWAY_ORIGINS: 'x',
    });
  for (const name of [
    'SPINE_SERVICE_SECRET',
    'SPINE_CDC_URL',
    'SPINE_GATEWAY_PORT',
    'SPINE_GATEWAY_ORIGINS',
  ]) {
    expect(parse).toThrow(name);
  }
});
