import { expect, test } from 'vitest';
import { parseGatewayConfig } from '../config.ts';

const configOf = (env: Readonly<Record<string, string>>) =>
  parseGatewayConfig({ SPINE_SERVICE_SECRET: 'x'.repeat(32), ...env });

test('a supergraph that anyone on the way could write is refused: over http it is signed, pinned, or from this machine', () => {
  const from = 'http://cdn.test/supergraph.graphql';
  expect(() => configOf({ SPINE_GATEWAY_SUPERGRAPH: from })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
  for (const proof of [
    { SPINE_GATEWAY_SUPERGRAPH: from, SPINE_GATEWAY_SUPERGRAPH_KEY: 'key.pem' },
    { SPINE_GATEWAY_SUPERGRAPH: from, SPINE_GATEWAY_SUPERGRAPH_SHA256: 'A'.repeat(64) },
    { SPINE_GATEWAY_SUPERGRAPH: from.replace('cdn.test', '127.0.0.1:9') },
    { SPINE_GATEWAY_SUPERGRAPH: from.replace('http:', 'https:') },
  ]) {
    expect(configOf(proof).supergraph.from).toBe(proof.SPINE_GATEWAY_SUPERGRAPH);
  }
});

test('a digest is read in either case, and is refused when it is none', () => {
  const digest = { SPINE_GATEWAY_SUPERGRAPH_SHA256: 'AB'.repeat(32) };
  expect(configOf(digest).supergraph.sha256).toBe('ab'.repeat(32));
  expect(() => configOf({ SPINE_GATEWAY_SUPERGRAPH_SHA256: 'abc' })).toThrow(/SUPERGRAPH_SHA256/);
});
