import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { askGateway } from './testing/ask-gateway.ts';
import { openStream, socketClient } from './testing/open-stream.ts';
import { upgradeStatus } from './testing/send-raw.ts';
import { type Fixture, fixtureTokens, linkKinds, startFixture } from './testing/start-fixture.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const stream = 'subscription { violations { cursor } }';

describe.each(linkKinds)('with tokens configured, and subgraphs %s', (kind) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind, auth: 'tokens' });
  });
  afterAll(() => fixture.close());

  test.each([
    ['no token', {}],
    ['a token that nobody issued', bearer('forged')],
    ['a hash in place of the token', bearer('a'.repeat(64))],
    ['a scheme that is none', { authorization: 'viewer-token' }],
    [
      'a forged service signature',
      { 'spine-service': 'cdc', 'spine-time': new Date().toISOString(), 'spine-signature': 'f'.repeat(64) },
    ],
    [
      'claims without a signature',
      {
        'spine-claims': Buffer.from('{"id":"x","kind":"user","roles":["admin"],"functions":[]}').toString(
          'base64url',
        ),
      },
    ],
  ])('a request with %s is refused', async (_, headers) => {
    const { status, body } = await askGateway(fixture.url, '{ whoAmI }', { headers });
    expect(status).toBe(401);
    expect(body.code).toBe('UNAUTHENTICATED');
    expect(JSON.stringify(body)).not.toContain('forged');
  });

  test('who asks is known in the subgraph, with its roles', async () => {
    const ask = async (token: string) =>
      (await askGateway(fixture.url, '{ whoAmI adminOnly }', { headers: bearer(token) })).body;
    expect(await ask(fixtureTokens.admin)).toEqual({
      data: { whoAmI: 'user the-admin admin security', adminOnly: 'secret' },
    });
    expect(await ask(fixtureTokens.viewer)).toMatchObject({
      data: { whoAmI: 'user the-viewer viewer', adminOnly: null },
      errors: [{ path: ['adminOnly'], extensions: { code: 'FORBIDDEN' } }],
    });
  });

  test('the schema is shown to those who build on it, not to a viewer', async () => {
    const ask = async (token: string) =>
      (await askGateway(fixture.url, '{ __schema { queryType { name } } }', { headers: bearer(token) })).body;
    expect(await ask(fixtureTokens.admin)).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
    expect(await ask(fixtureTokens.viewer)).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  test('errors give no hints of names that the caller did not know', async () => {
    const { body } = await askGateway(fixture.url, '{ whoAm }', { headers: bearer(fixtureTokens.viewer) });
    expect(body.errors[0].message).not.toContain('whoAmI');
  });

  test.each([
    ['no token', {}],
    ['a token that nobody issued', { authorization: 'Bearer forged' }],
  ])('a socket with %s is closed with 4401', async (_, params) => {
    const client = socketClient(fixture.url, params);
    const opened = openStream(client, stream);
    await eventually(() => expect(opened.ended()).toMatchObject({ code: 4401 }));
    expect(fixture.events.open).toBe(0);
  });

  test.each([
    ['as a parameter', { authorization: `Bearer ${fixtureTokens.viewer}` }],
    ['among headers in the parameters', { headers: { Authorization: `Bearer ${fixtureTokens.viewer}` } }],
  ])('a socket that sends its token %s is served', async (_, params) => {
    const client = socketClient(fixture.url, params);
    const opened = openStream(client, stream);
    await eventually(() => expect(fixture.events.open).toBe(1));
    expect(opened.ended()).toBeUndefined();
    client.terminate();
    await eventually(() => expect(fixture.events.open).toBe(0));
  });

  test('a socket that never says who it is gets nothing before it does', async () => {
    const socket = new WebSocket(`${fixture.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: stream } }));
    expect(await closed).toBe(4401);
  });

  test('pages and health are open to everyone, and name no dataset', async () => {
    for (const path of ['/', '/livez', '/readyz', '/graphiql']) {
      const response = await fetch(`${fixture.url}${path}`);
      expect(response.status, path).toBe(200);
      expect(await response.text()).not.toContain('"shop"');
    }
  });

  test('a subgraph answers nobody but the gateway', async () => {
    const answer = await askGateway(fixture.services.catalog.address(), '{ whoAmI }', {
      headers: bearer(fixtureTokens.admin),
    });
    expect(answer.status).toBe(401);
  });
});

describe('in dev mode', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({
      kind: 'in process',
      config: { allowedOrigins: ['https://ours.example'] },
    });
  });
  afterAll(() => fixture.close());

  test('this machine acts as admin', async () => {
    expect((await askGateway(fixture.url, '{ whoAmI }')).body).toEqual({ data: { whoAmI: 'dev dev admin' } });
  });

  test('a page whose name was rebound to this machine is not this machine', async () => {
    const answer = await fixture.gateway.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { host: 'evil.example' },
      payload: { query: '{ whoAmI }' },
    });
    expect(answer.statusCode).toBe(401);
  });

  test('an address that others reach is refused', async () => {
    await expect(startFixture({ kind: 'in process', config: { host: '0.0.0.0' } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  test.each([
    ['another site', 'https://evil.example', 403],
    ['another port of this machine', 'http://127.0.0.1:1', 403],
    ['nothing that is a URL', 'null', 403],
    ['its own page', 'own', 101],
    ['a site that is allowed by name', 'https://ours.example', 101],
  ])('an upgrade from %s is answered accordingly', async (_, origin, status) => {
    const headers = { origin: origin === 'own' ? fixture.url : origin };
    expect(await upgradeStatus(fixture.url, headers)).toBe(status);
  });

  test('a program without an origin may connect', async () => {
    expect(await upgradeStatus(fixture.url, {})).toBe(101);
  });

  test('an event stream for a page of another site is refused', async () => {
    const response = await fetch(`${fixture.url}/graphql?query=${encodeURIComponent(stream)}`, {
      headers: { accept: 'text/event-stream', origin: 'https://evil.example' },
    });
    expect([401, 403]).toContain(response.status);
    expect(fixture.events.open).toBe(0);
  });

  test('a message of more than 64 KiB ends its socket, and only that', async () => {
    const client = socketClient(fixture.url);
    const large = openStream(client, `query { echo(text: "${'x'.repeat(70_000)}") }`);
    await eventually(() => expect(large.ended()).toMatchObject({ code: 1009 }));
    expect((await askGateway(fixture.url, '{ violationCount }')).status).toBe(200);
  });
});
