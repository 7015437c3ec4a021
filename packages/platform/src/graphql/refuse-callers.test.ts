import { setTimeout as delay } from 'node:timers/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { FastifyInstance } from 'fastify';
import { parse } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createAuthenticator } from '../auth/authenticate.ts';
import { claimsOf, encodeClaims } from '../auth/claims.ts';
import { makePrincipal } from '../auth/principal.ts';
import { signRequest } from '../auth/service-signature.ts';
import { signConnection, signSubscribe } from '../auth/subscription-signature.ts';
import { createHttpServer } from '../http/create-http-server.ts';
import { listen } from '../http/listen.ts';
import { createLog } from '../log/create-log.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import type { Subgraph } from './build-subgraph.ts';
import { createGraphContext } from './context.ts';
import { mapIterator } from './map-stream.ts';
import { serveSubgraph } from './serve-subgraph.ts';

// Who may not ask a subgraph, and what they are told: docs/security.md, "Between our processes".
const secret = 'a secret of thirty-two characters';
const service = 'gateway';
const vera = makePrincipal({ id: 'vera', kind: 'user', roles: ['viewer'] });
const admin = makePrincipal({ id: 'vera', kind: 'user', roles: ['admin'] });
const gone = makePrincipal({ id: 'vera', kind: 'user', roles: ['viewer'], expiresAt: new Date(0) });
const secondsAgo = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Shelf @key(fields: "name") { name: ID! }
  type Query { me: String }
  type Subscription { ticks: Int }`;
let asked: number;
let app: FastifyInstance;
let lines: string[];
let clients: Client[];

beforeEach(async () => {
  asked = 0;
  lines = [];
  clients = [];
  const log = createLog({ service: 'lab', level: 'debug', write: (line) => lines.push(line) });
  app = createHttpServer({
    name: 'lab',
    log,
    metrics: createMetrics('lab'),
    authenticator: createAuthenticator({ tokens: [], serviceSecret: secret }),
    readiness: {},
  });
  const subgraph: Subgraph = {
    name: 'lab',
    sdl,
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers }),
  };
  await serveSubgraph(app, subgraph, {
    createContext: (principal, requestId) => createGraphContext({ principal, requestId, log }),
  });
});
afterEach(async () => {
  for (const client of clients) await client.dispose();
  await app.close();
  expect(lines.join('')).not.toContain(secret);
});

const resolvers = {
  Query: {
    me: () => {
      asked += 1;
      return 'me';
    },
  },
  Shelf: {
    __resolveReference: (shelf: object) => {
      asked += 1;
      return shelf;
    },
  },
  Subscription: {
    ticks: {
      subscribe: () => {
        asked += 1;
        return mapIterator(endless(), (ticks) => ({ ticks }));
      },
    },
  },
};

/** One tick, then nothing until it is left. */
function endless(): AsyncIterator<number, undefined, undefined> {
  const left = new AbortController();
  let ticks = 0;
  return {
    async next() {
      ticks += 1;
      if (ticks > 1) await delay(600_000, undefined, { signal: left.signal }).catch(() => undefined);
      return left.signal.aborted ? { done: true, value: undefined } : { done: false, value: ticks };
    },
    async return() {
      left.abort();
      return { done: true, value: undefined };
    },
  };
}

const path = '/graphql';
const queries = [
  ['a field', { query: '{ me }' }],
  ['what it is made of', { query: '{ _service { sdl } }' }],
  [
    'an entity',
    {
      query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      variables: { r: [{ __typename: 'Shelf', name: 'a' }] },
    },
  ],
] as const;
const body = JSON.stringify(queries[0][1]);
type Signed = Parameters<typeof signRequest>[0];
function sign(of: Partial<Signed> = {}): Record<string, string> {
  const claims = claimsOf(vera);
  return signRequest({ secret, service, method: 'POST', path, body, claims, now: new Date(), ...of });
}
async function post(headers: Record<string, string>, payload = body) {
  const answer = await app.inject({
    method: 'POST',
    url: path,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const { code, detail } = answer.json<{ code?: string; detail?: string }>();
  return { status: answer.statusCode, code, detail, challenge: answer.headers['www-authenticate'] };
}

test.each(queries)(
  '%s is told to who signs, and to nobody else, not even with a token',
  async (_name, operation) => {
    const payload = JSON.stringify(operation);
    expect((await post({}, payload)).code).toBe('UNAUTHENTICATED');
    expect(await post({ authorization: 'Bearer a.b.c' }, payload)).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      challenge: expect.stringContaining('error="invalid_token"'),
    });
    expect(asked).toBe(0);
    expect((await post(sign({ body: payload }), payload)).status).toBe(200);
  },
);

test.each<[string, () => Record<string, string>, string]>([
  ['forged', () => sign({ secret: 'x'.repeat(32) }), 'does not fit'],
  ['made for another body', () => sign({ body: '{"query":"{ __typename }"}' }), 'does not fit'],
  ['made for another path', () => sign({ path: '/graphql?a' }), 'does not fit'],
  ['made for another method', () => sign({ method: 'PUT' }), 'does not fit'],
  [
    'with the claims of another',
    () => ({ ...sign(), 'spine-claims': encodeClaims(claimsOf(admin)) }),
    'does not fit',
  ],
  ['with another nonce', () => ({ ...sign(), 'spine-nonce': crypto.randomUUID() }), 'does not fit'],
  ['made 31 s ago', () => sign({ now: secondsAgo(31) }), 'out of its 30 s window'],
  ['made in 31 s', () => sign({ now: secondsAgo(-31) }), 'out of its 30 s window'],
  ['of a principal whose token has expired', () => sign({ claims: claimsOf(gone) }), 'the token has expired'],
  [
    'of claims that cannot be read',
    () => sign({ claims: { ...claimsOf(vera), kind: 'dev', id: '' } }),
    'cannot be read',
  ],
])('a signature %s is refused with 401 UNAUTHENTICATED', async (_name, headers, detail) => {
  expect(await post(headers())).toMatchObject({
    status: 401,
    code: 'UNAUTHENTICATED',
    detail: expect.stringContaining(detail),
    challenge: 'Bearer realm="spine"',
  });
  expect(asked).toBe(0);
});

test('a request that is sent again as it was is refused, also when both come at once', async () => {
  const headers = sign();
  const answers = await Promise.all([post(headers), post(headers)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  expect((await post(headers)).detail).toContain('used before');
  expect(asked).toBe(1);
});

const subscription = { query: 'subscription { ticks }' };
const proof = (): Record<string, string> => signConnection({ secret, service, now: new Date() });
function signed(of: Partial<Parameters<typeof signSubscribe>[0]> = {}): Record<string, string> {
  return signSubscribe({
    secret,
    service,
    now: new Date(),
    claims: claimsOf(vera),
    operation: subscription,
    ...of,
  });
}
let url: string | undefined;
async function connect(params: () => Record<string, string>): Promise<Client> {
  url = app.server.listening
    ? url
    : await listen(app, { host: '127.0.0.1', port: 0, variable: 'X', mode: 'tokens' });
  const client = createClient({
    url: `${String(url).replace('http', 'ws')}${path}`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: params,
  });
  clients.push(client);
  return client;
}
function first(client: Client, spine?: Record<string, string>): Promise<unknown> {
  return client.iterate({ ...subscription, extensions: { spine } }).next();
}

test('a connection that is proved as another one was is refused', async () => {
  const once = proof();
  const client = await connect(() => once);
  expect(await first(client, signed())).toMatchObject({ value: { data: { ticks: 1 } } });
  const again = await connect(() => once);
  await expect(first(again, signed())).rejects.toMatchObject({ code: 4403 });
});

test.each<[string, () => Record<string, string> | undefined]>([
  ['nobody', () => undefined],
  ['nobody, by the proof of the connection', () => proof()],
  ['another operation', () => signed({ operation: { query: 'subscription { other }' } })],
  [
    'a principal that the signature does not name',
    () => ({ ...signed(), 'spine-claims': encodeClaims(claimsOf(admin)) }),
  ],
  ['somebody, by another secret', () => signed({ secret: 'x'.repeat(32) })],
  ['somebody, 31 s ago', () => signed({ now: secondsAgo(31) })],
  ['somebody whose token has expired', () => signed({ claims: claimsOf(gone) })],
])('a subscribe message that speaks for %s is refused with UNAUTHENTICATED', async (_name, spine) => {
  const client = await connect(proof);
  await expect(first(client, spine())).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(asked).toBe(0);
});

test('a subscribe message that is sent again as it was is refused', async () => {
  const client = await connect(proof);
  const spine = signed();
  expect(await first(client, spine)).toMatchObject({ value: { data: { ticks: 1 } } });
  await expect(first(client, spine)).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(asked).toBe(1);
});

test('a subscription ends with UNAUTHENTICATED when the token of its principal does', async () => {
  const client = await connect(proof);
  // Clocks may be 5 s apart, so that this token has 200 ms left.
  const ending = makePrincipal({ ...vera, expiresAt: secondsAgo(4.8) });
  const stream = client.iterate({
    ...subscription,
    extensions: { spine: signed({ claims: claimsOf(ending) }) },
  });
  expect(await stream.next()).toMatchObject({ value: { data: { ticks: 1 } } });
  await expect(stream.next()).rejects.toMatchObject([
    { message: 'the token has expired', extensions: { code: 'UNAUTHENTICATED' } },
  ]);
});
