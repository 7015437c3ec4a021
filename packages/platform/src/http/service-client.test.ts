import { createServer } from 'node:net';
import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthenticator } from '../auth/authenticate.ts';
import { makePrincipal } from '../auth/principal.ts';
import { createLog } from '../log/create-log.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import { createHttpServer } from './create-http-server.ts';
import { listen } from './listen.ts';
import { createServiceClient, type ServiceClient } from './service-client.ts';

const secret = 'a secret of thirty-two characters';
let app: FastifyInstance;
let url: string;
let client: ServiceClient;

beforeAll(async () => {
  app = createHttpServer({
    name: 'lab',
    log: createLog({ service: 'lab', level: 'silent' }),
    metrics: createMetrics('lab'),
    authenticator: createAuthenticator({ tokens: [], serviceSecret: secret }),
    readiness: {},
  });
  app.post('/echo', async (request) => ({ body: request.body, by: request.principal.id }));
  app.put('/refuse', async () => {
    throw new Problem('INCOMPATIBLE_SCHEMA', 'field email is gone', {
      fix: 'Keep it.',
      extensions: { report: { breaches: 1 } },
    });
  });
  app.get('/bundle', async (request, reply) => {
    reply.header('etag', '"v1"');
    if (request.headers['if-none-match'] === '"v1"') return reply.code(304).send();
    return { version: 1 };
  });
  app.get('/hang', () => new Promise(() => undefined));
  app.get('/html', async (_request, reply) => reply.code(502).type('text/html').send('<h1>Bad gateway</h1>'));
  url = await listen(app, { host: '127.0.0.1', port: 0, variable: 'X', mode: 'tokens' });
  client = createServiceClient({ baseUrl: url, service: 'cdc', secret, timeoutMs: 400 });
});
afterAll(async () => {
  await client.close();
  await app.close();
});

test('a call is signed, and answers the parsed JSON', async () => {
  await expect(client.post('/echo?x=%2F', { a: [1] })).resolves.toEqual({ body: { a: [1] }, by: 'cdc' });
});

test('a call may speak for a principal', async () => {
  const principal = makePrincipal({ id: 'erin', kind: 'user', roles: ['viewer'] });
  await expect(client.post('/echo', {}, { principal })).resolves.toMatchObject({ by: 'erin' });
});

test('a refusal is thrown as the peer threw it', async () => {
  await expect(client.put('/refuse', {})).rejects.toMatchObject({
    name: 'Problem',
    code: 'INCOMPATIBLE_SCHEMA',
    message: 'field email is gone',
    fix: 'Keep it.',
    extensions: { report: { breaches: 1 } },
  });
});

test('a caller with another secret is refused', async () => {
  const other = createServiceClient({ baseUrl: url, service: 'cdc', secret: 'x'.repeat(32) });
  await expect(other.get('/bundle')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await other.close();
});

test('an answer that did not change is an answer', async () => {
  const first = await client.call('GET', '/bundle');
  const headers = { 'if-none-match': String(first.headers['etag']) };
  expect(await client.call('GET', '/bundle', undefined, { headers })).toMatchObject({
    status: 304,
    body: undefined,
  });
});

test('a late answer is TIMEOUT and names the call', async () => {
  await expect(client.get('/hang?secret=x')).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringMatching(/GET \/hang within 400 ms/),
  });
});

test('a peer that is away is SERVICE_UNAVAILABLE with its cause', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const away = createServiceClient({ baseUrl: `http://127.0.0.1:${port}`, service: 'cdc', secret });
  await expect(away.get('/x')).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    cause: { code: 'ECONNREFUSED' },
  });
  await away.close();
});

test('an answer that is no problem document is not passed on', async () => {
  await expect(client.get('/html')).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.not.stringContaining('Bad gateway'),
    extensions: { peerStatus: 502 },
  });
});

test('a caller who leaves gets its own reason', async () => {
  const controller = new AbortController();
  const call = client.get('/hang', { signal: controller.signal });
  controller.abort(new Error('worker stops'));
  await expect(call).rejects.toThrow('worker stops');
});
