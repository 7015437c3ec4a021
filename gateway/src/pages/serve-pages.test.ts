import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { askGateway } from '../testing/ask-gateway.ts';
import { type Fixture, startFixture } from '../testing/start-fixture.ts';

const connect = vi.spyOn(Socket.prototype, 'connect');
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ kind: 'http' });
});
afterAll(() => fixture.close());

test('the explorer may load nothing but what the page carries, and ask nobody but the gateway', async () => {
  const response = await fetch(`${fixture.url}/graphiql`);
  const html = await response.text();
  const policy = response.headers.get('content-security-policy') ?? '';
  const { host } = new URL(fixture.url);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host};`);
  expect(policy.match(/https?:/g)).toBeNull();
  expect(html).not.toMatch(/<(script|link|img|iframe)[^>]*\s(src|href)=["']?(https?:)?\/\//);
  for (const [, script = ''] of html.matchAll(/<script>([\s\S]*?)<\/script>/g)) {
    expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  }
});

test('the explorer opens with the committed operations, filled in with a dataset that is there', async () => {
  const html = await (await fetch(`${fixture.url}/graphiql`)).text();
  const options = html.slice(html.lastIndexOf('YogaGraphiQL.renderYogaGraphiQL('));
  expect(options).toContain('query Headline');
  expect(options).toContain('subscription Violations');
  expect(options).toContain(
    JSON.stringify(JSON.stringify({ namespace: 'shop', name: 'customers' }, null, 2)),
  );
  expect(options).toContain('"subscriptionsProtocol":"WS"');
});

test('a host header that is no host does not get into the policy', async () => {
  const answer = await fixture.gateway.app.inject({
    url: '/graphiql',
    headers: { host: "x; script-src 'unsafe-inline'" },
  });
  expect(String(answer.headers['content-security-policy'])).not.toContain("script-src 'unsafe-inline'");
});

test('the front page says that nobody has to prove anything in dev mode', async () => {
  const response = await fetch(fixture.url);
  expect(await response.text()).toContain('Dev mode');
  expect(response.headers.get('content-security-policy')).not.toContain('script-src');
});

test('metrics count what the gateway did', async () => {
  await askGateway(fixture.url, '{ violationCount }');
  const text = await (await fetch(`${fixture.url}/metrics`)).text();
  const fetches = text
    .split('\n')
    .filter((line) => line.startsWith('spine_gateway_subgraph_fetch_seconds_count'));
  expect(fetches).toContainEqual(expect.stringMatching(/subgraph="watch",outcome="ok"\} [1-9]/));
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
