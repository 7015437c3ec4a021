import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';

const connect = vi.spyOn(Socket.prototype, 'connect');
const explorerFolder = mkdtempSync(join(tmpdir(), 'spine-explorer-'));
const page = '<script type="module" src="/graphiql/assets/index-1.js"></script>';
const script = 'console.info("the explorer")';
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ kind: 'http', config: { explorerFolder } });
});
afterAll(async () => {
  await fixture.close();
  rmSync(explorerFolder, { recursive: true });
});

test('an explorer that is not built says how to build it, and is there once it is', async () => {
  const before = await fetch(`${fixture.url}/graphiql`);
  expect(before.status).toBe(503);
  expect(await before.text()).toContain('npm run build -w @spine/explorer');

  mkdirSync(join(explorerFolder, 'assets'));
  writeFileSync(join(explorerFolder, 'index.html'), page);
  writeFileSync(join(explorerFolder, 'assets/index-1.js'), script);
  writeFileSync(join(explorerFolder, 'assets/index-1.js.br'), brotliCompressSync(script));
  writeFileSync(join(explorerFolder, 'secret.js'), 'none of the assets');
  const after = await fetch(`${fixture.url}/graphiql`);
  expect(after.status).toBe(200);
  expect(await after.text()).toBe(page);
});

test('the explorer may run its own files and ask its own host, and nothing else', async () => {
  const response = await fetch(`${fixture.url}/graphiql`);
  const policy = response.headers.get('content-security-policy') ?? '';
  const { host } = new URL(fixture.url);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host};`);
  expect(policy.match(/https?:/g)).toBeNull();
});

test('files whose names tell their content are kept for good, the page is asked for each time', async () => {
  const asset = await fetch(`${fixture.url}/graphiql/assets/index-1.js`);
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const shell = await fetch(`${fixture.url}/graphiql`);
  expect(shell.headers.get('cache-control')).toBe('no-cache');
  const again = await fetch(`${fixture.url}/graphiql`, {
    headers: { 'if-none-match': shell.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
});

test.each([
  ['gzip, br', 'br'],
  ['gzip;q=1, br;q=0', undefined],
  ['identity', undefined],
])('a browser that takes "%s" gets the script as %s', async (accepted, encoding) => {
  const answer = await fixture.gateway.app.inject({
    url: '/graphiql/assets/index-1.js',
    headers: { 'accept-encoding': accepted },
  });
  expect(answer.headers['content-encoding']).toBe(encoding);
  expect(answer.headers['content-type']).toContain('text/javascript');
  const expected = encoding === 'br' ? brotliCompressSync(script) : Buffer.from(script);
  expect(answer.rawPayload.equals(expected)).toBe(true);
});

test.each([
  '..%2fsecret.js',
  '%2e%2e%2fsecret.js',
  '..%5csecret.js',
  'built-of',
  '.index-1.js',
  'x'.repeat(90),
])('nothing outside of the assets is served: %s', async (name) => {
  const answer = await fixture.gateway.app.inject({ url: `/graphiql/assets/${name}` });
  expect(answer.statusCode).toBe(404);
});

test('a host header that is no host does not get into the policy', async () => {
  const answer = await fixture.gateway.app.inject({
    url: '/graphiql',
    headers: { host: "x; script-src 'unsafe-inline'" },
  });
  expect(String(answer.headers['content-security-policy'])).not.toContain("script-src 'unsafe-inline'");
});

test('the examples are the committed operations, filled in with a dataset that is there', async () => {
  const settings: unknown = await (await fetch(`${fixture.url}/graphiql/settings.json`)).json();
  expect(settings).toMatchObject({
    mode: 'dev',
    examples: expect.arrayContaining([
      expect.objectContaining({
        name: 'Headline',
        kind: 'query',
        variables: JSON.stringify({ namespace: 'shop', name: 'customers' }, null, 2),
      }),
      expect.objectContaining({ name: 'Violations', kind: 'subscription', variables: null }),
    ]),
  });
});

test('where tokens are asked for, the examples name a dataset to those who may see it alone', async () => {
  const guarded = await startFixture({ kind: 'in process', auth: 'tokens', config: { explorerFolder } });
  try {
    const text = await (await fetch(`${guarded.url}/graphiql/settings.json`)).text();
    expect(text).toContain('"mode":"tokens"');
    expect(text).not.toContain('customers');
    const headers = { authorization: `Bearer ${fixtureTokens.viewer}` };
    const known = await (await fetch(`${guarded.url}/graphiql/settings.json`, { headers })).text();
    expect(known).toContain('customers');
  } finally {
    await guarded.close();
  }
});

test('the front page says that nobody has to prove anything in dev mode', async () => {
  const response = await fetch(fixture.url);
  expect(await response.text()).toContain('Dev mode');
  expect(response.headers.get('content-security-policy')).not.toContain('script-src');
});

test('the front page tells which subgraph is away', async () => {
  await fixture.services.watch.stop();
  const text = await (await fetch(fixture.url)).text();
  expect(text).toContain('<strong>watch</strong> does not answer');
  expect(text).toContain('<strong>catalog</strong> answers');
  await fixture.services.watch.start();
});

test('metrics count what the gateway did', async () => {
  await askGateway(fixture.url, '{ whoAmI }');
  const text = await (await fetch(`${fixture.url}/metrics`)).text();
  expect(text).toContain('subgraph="catalog"');
  expect(text).toContain('spine_gateway_supergraph_info');
});

test('nothing here ever connects to another machine', () => {
  const hosts = connect.mock.calls.flatMap(([options]) => {
    const first: unknown = Array.isArray(options) ? options[0] : options;
    return typeof first === 'object' && first !== null && 'host' in first ? [String(first.host)] : [];
  });
  expect(hosts.length).toBeGreaterThan(0);
  expect(hosts.filter((host) => host !== '127.0.0.1' && host !== 'localhost')).toEqual([]);
});
