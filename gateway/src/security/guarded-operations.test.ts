import { createChainCheck } from '@spine/kernel/hash-chain';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AuditRecord } from '../audit/audit-record.ts';
import { parseGatewayConfig } from '../config.ts';
import { askGateway } from '../testing/ask-gateway.ts';
import { askOver, transports } from '../testing/ask-over.ts';
import { type Fixture, fixtureTokens, startFixture } from '../testing/start-fixture.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const rename = 'mutation Rename { rename(input: { name: "customers", to: "b" }) { name } }';
const { limits: _, ...defaults } = parseGatewayConfig({ SPINE_SERVICE_SECRET: 'x'.repeat(32) });

describe('the audit log', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind: 'in process' });
  });
  afterAll(() => fixture.close());

  const records = async (): Promise<readonly AuditRecord[]> => {
    const response = await fetch(`${fixture.url}/audit?limit=1000`);
    const { entries } = JSON.parse(await response.text());
    const check = createChainCheck();
    return entries.map((of: { seq: string; prevHash: string; hash: string; entry: AuditRecord }) => {
      expect(check.next({ ...of, seq: BigInt(of.seq) })).toBeNull();
      return of.entry;
    });
  };

  test.each(['POST', 'SSE', 'WebSocket'] as const)(
    'a mutation over %s has an entry before it runs and one when it has',
    async (transport) => {
      const before = (await records()).length;
      expect(await askOver(transport, fixture.url, { query: rename })).toMatchObject({
        data: { rename: { name: 'b' } },
      });
      await eventually(async () => {
        const [mutation, outcome] = (await records()).slice(before);
        expect(mutation).toMatchObject({
          kind: 'mutation',
          principal: { id: 'dev', kind: 'dev' },
          operation: { type: 'mutation', name: 'Rename', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
          decision: 'allowed',
          result: null,
        });
        expect(outcome).toMatchObject({
          kind: 'outcome',
          of: String(before + 1),
          result: 'OK',
          subgraphs: ['catalog'],
          requestId: mutation?.requestId,
        });
      });
    },
  );

  test.each(transports)(
    'the read of a sensitive field over %s is recorded, and others are not',
    async (transport) => {
      const before = (await records()).length;
      await askOver(transport, fixture.url, { query: '{ whoAmI }' });
      await askOver(transport, fixture.url, { query: 'query Peek { whoAmI adminOnly }' });
      await eventually(async () =>
        expect((await records()).slice(before)).toMatchObject([
          { kind: 'read', sensitive: ['Query.adminOnly'], operation: { name: 'Peek' }, result: 'OK' },
        ]),
      );
    },
  );

  test('values of variables are in no entry, and equal ones have equal hashes', async () => {
    const before = (await records()).length;
    const query = 'mutation ($to: String!) { rename(input: { name: "customers", to: $to }) { name } }';
    for (const to of ['s3cret-value', 's3cret-value', 'another']) {
      await askGateway(fixture.url, query, { variables: { to } });
    }
    await eventually(async () => expect((await records()).length).toBe(before + 6));
    const mutations = (await records()).slice(before).filter(({ kind }) => kind === 'mutation');
    const [first, second, third] = mutations.map(({ variables }) => variables);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(JSON.stringify(mutations)).not.toContain('s3cret-value');
  });

  test('an outcome has the code of what went wrong', async () => {
    const before = (await records()).length;
    await askGateway(fixture.url, 'mutation { rename(input: { name: 1, to: "b" }) { name } }');
    await askGateway(fixture.url, 'mutation ($t: String!) { rename(input: { name: "a", to: $t }) { name } }');
    await eventually(async () =>
      expect((await records()).slice(before).at(-1)).toMatchObject({
        kind: 'outcome',
        result: 'BAD_USER_INPUT',
      }),
    );
  });
});

describe('with tokens, where no database is configured', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind: 'in process', auth: 'tokens' });
  });
  afterAll(() => fixture.close());

  test('a mutation is refused and does not run, and queries go on', async () => {
    const refused = await askGateway(fixture.url, rename, { headers: bearer(fixtureTokens.admin) });
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    expect(refused.body.data).toBeUndefined();
    const { body } = await askGateway(fixture.url, '{ adminOnly }', { headers: bearer(fixtureTokens.admin) });
    expect(body.data).toEqual({ adminOnly: 'secret' });
  });

  test('the audit log is for those who look after security and compliance', async () => {
    const { status } = await fetch(`${fixture.url}/audit`, { headers: bearer(fixtureTokens.viewer) });
    expect(status).toBe(403);
    expect((await fetch(`${fixture.url}/audit`)).status).toBe(401);
  });

  test('what an operation costs is told to those who run the gateway, when they ask', async () => {
    const ask = async (token: string, headers = {}) =>
      (
        await askGateway(fixture.url, '{ datasets(first: 7) { nodes { name } } }', {
          headers: { ...bearer(token), ...headers },
        })
      ).body.extensions;
    expect(await ask(fixtureTokens.admin, { 'spine-cost': '1' })).toEqual({ cost: 8 });
    expect(await ask(fixtureTokens.admin)).toBeUndefined();
    expect(await ask(fixtureTokens.viewer, { 'spine-cost': '1' })).toBeUndefined();
  });
});

describe.each(transports)('a budget, over %s', (transport) => {
  test('what a principal has spent is refused with the time to wait, and others have their own', async () => {
    const fixture = await startFixture({
      kind: 'in process',
      auth: 'tokens',
      config: { rate: { ...defaults.rate, costPerMinute: 30 } },
    });
    const query = '{ datasets(first: 20) { nodes { name } } }';
    const ask = (token: string) => askOver(transport, fixture.url, { query }, token);
    expect(await ask(fixtureTokens.viewer)).toMatchObject({ codes: [] });
    const refused = await ask(fixtureTokens.viewer);
    expect(refused.codes).toEqual(['RATE_LIMITED']);
    expect(refused.errors[0]?.extensions?.['retryAfterSeconds']).toBeGreaterThan(0);
    expect(await ask(fixtureTokens.admin)).toMatchObject({ codes: [] });
    await fixture.close();
  });
});

test('over HTTP a spent budget is 429 with Retry-After', async () => {
  const fixture = await startFixture({
    kind: 'in process',
    auth: 'tokens',
    config: { rate: { ...defaults.rate, costPerMinute: 1 } },
  });
  const headers = bearer(fixtureTokens.viewer);
  await askGateway(fixture.url, '{ whoAmI }', { headers });
  const { status, headers: told } = await askGateway(fixture.url, '{ whoAmI }', { headers });
  expect(status).toBe(429);
  expect(Number(told.get('retry-after'))).toBeGreaterThan(0);
  const plain = await askGateway(fixture.url, '{ whoAmI }', {
    headers: { ...headers, accept: 'application/json' },
  });
  expect(plain.status).toBe(429);
  await fixture.close();
});

test('guesses of tokens from one address are slowed down, and nobody who is known is locked out', async () => {
  const fixture = await startFixture({
    kind: 'in process',
    auth: 'tokens',
    config: { rate: { ...defaults.rate, failuresPerMinute: 5 } },
  });
  const ask = (token: string) => askGateway(fixture.url, '{ whoAmI }', { headers: bearer(token) });
  expect((await ask(fixtureTokens.viewer)).status).toBe(200);
  for (let guess = 0; guess < 5; guess += 1)
    expect((await ask(`guess ${guess}`.replace(' ', '-'))).status).toBe(401);
  const slowed = await ask('guess-6');
  expect(slowed.status).toBe(429);
  expect(slowed.body.code).toBe('RATE_LIMITED');
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ask(fixtureTokens.viewer)).status).toBe(200);
  await expect(askOver('WebSocket', fixture.url, { query: '{ whoAmI }' }, 'guess-7')).rejects.toThrow('4429');
  await fixture.close();
});

test('other sites are let in by name, and told so before they ask', async () => {
  const origin = 'https://ours.example';
  const fixture = await startFixture({
    kind: 'in process',
    auth: 'tokens',
    config: { allowedOrigins: [origin] },
  });
  const preflight = (from: string) =>
    fetch(`${fixture.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
  const allowed = await preflight(origin);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
  expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  const refused = await preflight('https://evil.example');
  expect(refused.status).toBe(403);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();

  const headers = { ...bearer(fixtureTokens.viewer), origin };
  const asked = await askGateway(fixture.url, '{ whoAmI }', { headers });
  expect(asked.status).toBe(200);
  expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
  expect(asked.headers.get('vary')).toContain('origin');
  const stream = await fetch(`${fixture.url}/graphql?query={whoAmI}`, {
    headers: { ...headers, accept: 'text/event-stream' },
  });
  expect(stream.headers.get('access-control-allow-origin')).toBe(origin);
  expect(stream.headers.get('x-content-type-options')).toBe('nosniff');
  await stream.body?.cancel();
  await fixture.close();
});
