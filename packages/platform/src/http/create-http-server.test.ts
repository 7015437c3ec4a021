import { connect } from 'node:net';
import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createAuthenticator } from '../auth/authenticate.ts';
import { signRequest } from '../auth/service-signature.ts';
import { createLog } from '../log/create-log.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import { createHttpServer } from './create-http-server.ts';
import { parseBody } from './parse-body.ts';

const serviceSecret = 'a secret of thirty-two characters';
let app: FastifyInstance;
let lines: string[];
let databaseIsUp: boolean;

beforeEach(() => {
  lines = [];
  databaseIsUp = true;
  app = createHttpServer({
    name: 'lab',
    log: createLog({ service: 'lab', level: 'debug', write: (line) => lines.push(line) }),
    metrics: createMetrics('lab'),
    authenticator: createAuthenticator({ tokens: null, serviceSecret }),
    readiness: {
      database: async () => {
        if (!databaseIsUp) throw new Error('connect ECONNREFUSED postgres://app:hunter2@db');
      },
      bundle: async () => undefined,
    },
    bodyLimit: 1_000,
  });
  app.post('/subjects/:subject', async (request) => ({ body: request.body, by: request.principal.id }));
  app.get('/fails', async () => {
    throw new Error('select secret_column from hidden_table');
  });
  app.get('/away', async () => {
    throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
  });
  app.get('/conflict', async () => {
    throw new Problem('CONFLICT', 'it is there already', {
      fix: 'Take another name.',
      path: '/name',
      extensions: { status: 999, name: 'orders' },
    });
  });
  app.get('/parses', async () =>
    parseBody(z.object({ a: z.object({ 'b/c': z.number() }) }), { a: { 'b/c': 'x' } }),
  );
  app.get('/peer', async () => z.object({ a: z.number() }).parse({ a: 'hidden_table' }));
});
afterEach(() => app.close());

const json = { 'content-type': 'application/json' };

test.each([
  [
    'malformed JSON',
    { method: 'POST', url: '/subjects/a', headers: json, payload: '{"a":' },
    400,
    'INPUT_INVALID',
  ],
  [
    'an empty JSON body',
    { method: 'POST', url: '/subjects/a', headers: json, payload: '' },
    400,
    'INPUT_INVALID',
  ],
  [
    'a poisoned prototype',
    { method: 'POST', url: '/subjects/a', headers: json, payload: '{"__proto__":{}}' },
    400,
    'INPUT_INVALID',
  ],
  [
    'a body over the limit',
    { method: 'POST', url: '/subjects/a', headers: json, payload: JSON.stringify('x'.repeat(2_000)) },
    413,
    'PAYLOAD_TOO_LARGE',
  ],
  [
    'another content type',
    { method: 'POST', url: '/subjects/a', headers: { 'content-type': 'text/plain' }, payload: 'x' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['an unknown path', { method: 'GET', url: '/nowhere?token=hunter2' }, 404, 'NOT_FOUND'],
  ['a path that cannot be decoded', { method: 'GET', url: '/subjects/%zz' }, 400, 'INPUT_INVALID'],
  ['a wrong method', { method: 'DELETE', url: '/subjects/a' }, 405, 'METHOD_NOT_ALLOWED'],
  ['an answer of a peer that is not what it promised', { method: 'GET', url: '/peer' }, 500, 'INTERNAL'],
  ['a fault of ours', { method: 'GET', url: '/fails' }, 500, 'INTERNAL'],
  ['a database that is away', { method: 'GET', url: '/away' }, 503, 'SERVICE_UNAVAILABLE'],
  ['a problem', { method: 'GET', url: '/conflict' }, 409, 'CONFLICT'],
  ['an input of the wrong shape', { method: 'GET', url: '/parses' }, 400, 'INPUT_INVALID'],
  [
    'a wrong proof',
    { method: 'GET', url: '/conflict', headers: { 'spine-signature': 'x' } },
    401,
    'UNAUTHENTICATED',
  ],
] as const)(
  '%s is a problem document that says what to do and nothing of our insides',
  async (_name, request, status, code) => {
    const answer = await app.inject(request);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({
      status,
      code,
      type: `urn:spine:problem:${code}`,
      fix: expect.any(String),
    });
    expect(answer.json().requestId).toBe(answer.headers['x-request-id']);
    expect(answer.body).not.toMatch(/secret_column|hidden_table|10\.0\.0\.7|hunter2|node_modules|\.ts:/);
  },
);

test('a wrong method is told which are right', async () => {
  const answer = await app.inject({ method: 'DELETE', url: '/subjects/a' });
  expect(answer.headers['allow']).toBe('POST');
  expect(answer.json().fix).toBe('Use POST.');
});

test('an input of the wrong shape is told by JSON pointers', async () => {
  const answer = await app.inject('/parses');
  expect(answer.json()).toMatchObject({ path: '/a/b~1c', faults: [{ path: '/a/b~1c' }] });
});

test('extensions of a problem stand beside the members of the standard, not in their place', async () => {
  const answer = await app.inject('/conflict');
  expect(answer.json()).toMatchObject({
    status: 409,
    name: 'orders',
    path: '/name',
    detail: 'it is there already',
  });
});

test('a fault of ours is logged once, with its cause, under the request id that the caller got', async () => {
  const answer = await app.inject({ url: '/fails', headers: { 'x-request-id': 'trace-1' } });
  expect(answer.json().requestId).toBe('trace-1');
  const failed = lines.map((line) => JSON.parse(line)).filter((entry) => entry.event === 'http.failed');
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({ requestId: 'trace-1', route: '/fails' });
  expect(JSON.stringify(failed[0].err.cause)).toContain('hidden_table');
});

test('a request id that is no plain word is replaced', async () => {
  const answer = await app.inject({ url: '/livez', headers: { 'x-request-id': 'a\tb'.repeat(40) } });
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('readiness names what fails and not why', async () => {
  expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready', probes: ['database', 'bundle'] });
  databaseIsUp = false;
  const answer = await app.inject('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', failing: ['database'] });
  expect(answer.body + lines.join('')).not.toContain('hunter2');
  expect((await app.inject('/livez')).statusCode).toBe(200);
});

test('metrics count answers by route, not by path', async () => {
  await app.inject({ method: 'POST', url: '/subjects/customers', headers: json, payload: '{}' });
  const text = (await app.inject('/metrics')).body;
  expect(text).toContain('route="/subjects/:subject"');
  expect(text).not.toContain('customers');
});

test('a signed body is verified as it came, and one that was altered on the way is refused', async () => {
  const payload = '{"level": "FULL"}';
  const headers = {
    ...json,
    ...signRequest({
      secret: serviceSecret,
      service: 'cdc',
      method: 'POST',
      path: '/subjects/a?x=1',
      body: payload,
      now: new Date(),
    }),
  };
  const request = { method: 'POST', url: '/subjects/a?x=1', headers } as const;
  expect((await app.inject({ ...request, payload })).json()).toEqual({ body: { level: 'FULL' }, by: 'cdc' });
  expect((await app.inject({ ...request, payload: '{"level":"FULL"}' })).statusCode).toBe(401);
  expect((await app.inject({ ...request, url: '/subjects/b?x=1', payload })).statusCode).toBe(401);
});

async function speak(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

test.each([
  ['what is not HTTP', 'hello there\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'headers without end',
    `GET / HTTP/1.1\r\nhost: x\r\nx-big: ${'x'.repeat(40_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 /,
  ],
])('%s is answered by a problem too', async (_name, text, expected) => {
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const answer = await speak(port, text);
  expect(answer).toMatch(expected);
  expect(answer).toContain('application/problem+json');
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'INPUT_INVALID' });
});

test('while it stops, a server answers what is under way and is not ready for more', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  app.get('/slow', async () => {
    await held;
    return { done: true };
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const slow = fetch(`${url}/slow`);
  await expect.poll(async () => (await fetch(`${url}/livez`)).status).toBe(200);
  const closing = app.close();
  release();
  expect(await (await slow).json()).toEqual({ done: true });
  await closing;
  await expect(fetch(`${url}/livez`)).rejects.toThrow();
});
