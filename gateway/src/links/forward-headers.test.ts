import { expect, test } from 'vitest';
import { parseGatewayConfig } from '../config.ts';
import { forwardedHeaders } from './forward-headers.ts';

const env = { SPINE_SERVICE_SECRET: 'a secret of more than thirty-two characters' };

test('no header is forwarded unless it is listed', () => {
  expect(parseGatewayConfig(env).forwardHeaders).toEqual([]);
  const { forwardHeaders } = parseGatewayConfig({
    ...env,
    SPINE_GATEWAY_FORWARD_HEADERS: 'X-Region, x-tenant',
  });
  expect(forwardHeaders).toEqual(['x-region', 'x-tenant']);
  const headers = { 'x-region': 'eu', 'x-other': '1', authorization: 'Bearer secret' };
  expect(forwardedHeaders(headers, forwardHeaders)).toEqual({ 'x-region': 'eu' });
  expect(forwardedHeaders({ 'x-other': '1' }, forwardHeaders)).toBeUndefined();
});

test.each(['authorization', 'Cookie', 'host', 'spine-claims', 'SPINE-Signature', 'traceparent', 'x y'])(
  '%s cannot be listed: a subgraph never sees what the client proves itself by',
  (name) => {
    expect(() => parseGatewayConfig({ ...env, SPINE_GATEWAY_FORWARD_HEADERS: `x-region,${name}` })).toThrow(
      'cannot forward',
    );
  },
);
