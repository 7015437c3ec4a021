import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkIdentityProvider } from './check-identity-provider.ts';

let server: Server;
let issuer: string;
let keys: unknown;
beforeEach(async () => {
  keys = { keys: [{ kty: 'EC' }] };
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const discovers = request.url === '/.well-known/openid-configuration';
    response.end(JSON.stringify(discovers ? { issuer, jwks_uri: `${issuer}/keys` } : keys));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
});
afterEach(() => void server.close());
const check = (env: Record<string, string> = {}, now?: () => Date) =>
  checkIdentityProvider({ SPINE_OIDC_ISSUER: issuer, SPINE_OIDC_AUDIENCE: 'spine', ...env }, now);

test('a provider that answers with keys is good, and none is looked for where none is configured', async () => {
  expect(await check()).toMatchObject([{ good: true, detail: `${issuer}: 1 key` }]);
  expect(await checkIdentityProvider({})).toEqual([]);
});

test.each<[string, () => ReturnType<typeof check>, RegExp]>([
  ['does not answer', () => check({ SPINE_OIDC_ISSUER: 'http://127.0.0.1:9' }), /tells nothing of its keys/],
  ['is another', () => check({ SPINE_OIDC_ISSUER: `${issuer}/` }), /tells nothing of its keys/],
  ['is no URL', () => check({ SPINE_OIDC_ISSUER: 'keycloak' }), /SPINE_OIDC_ISSUER/],
  ['has another clock', () => check({}, () => new Date(Date.now() + 60_000)), /-60 s|-59 s|-61 s/],
])('a provider that %s is a fault with its fix', async (_name, ask, detail) => {
  expect(await ask()).toMatchObject([
    { good: false, detail: expect.stringMatching(detail), fix: expect.any(String) },
  ]);
});

test('a provider without keys is a fault', async () => {
  keys = { keys: [] };
  expect(await check()).toMatchObject([{ good: false, detail: expect.stringContaining('no keys') }]);
});
