import { request } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { createCertificates } from '@spine/testkit/create-certificates';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createAuthenticator } from '../auth/authenticate.ts';
import { serveWebSockets } from '../graphql/web-socket-server.ts';
import { createLog } from '../log/create-log.ts';
import { createMetrics } from '../metrics/create-metrics.ts';
import { createHttpServer } from './create-http-server.ts';
import { listen } from './listen.ts';
import { createServiceClient, type ServiceClient } from './service-client.ts';
import { readTlsFiles, type TlsOptions } from './tls-files.ts';

const secret = 'a secret of thirty-two characters';
let ours: TlsOptions;
let strangers: TlsOptions;
let app: FastifyInstance | undefined;
let client: ServiceClient | undefined;

beforeAll(async () => {
  ours = readTlsFiles(await createCertificates());
  strangers = readTlsFiles(await createCertificates());
});
afterEach(async () => {
  await client?.close();
  await app?.close();
});

async function serve(tls: TlsOptions | null): Promise<string> {
  const log = createLog({ service: 'lab', level: 'silent' });
  app = createHttpServer({
    name: 'lab',
    log,
    metrics: createMetrics('lab'),
    authenticator: createAuthenticator({ tokens: [], serviceSecret: secret }),
    readiness: {},
    tls,
  });
  app.get('/who', async ({ principal }) => ({ id: principal.id }));
  serveWebSockets(app, { path: '/graphql', log, protocol: { schema: undefined, onConnect: () => true } });
  return await listen(app, { host: '127.0.0.1', port: 0, variable: 'X', mode: 'tokens' });
}
function call(baseUrl: string, tls: TlsOptions | null): Promise<unknown> {
  client = createServiceClient({ baseUrl, service: 'cdc', secret, tls });
  return client.get('/who');
}
/** What a client of that certificate is answered; it trusts the server's CA in any case. */
function ask(url: string, tls: Partial<TlsOptions> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { ...tls, ca: ours.ca, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}
/** How a socket is met: `open`, or why it was not. */
function openSocket(url: string, tls: Partial<TlsOptions>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      ...tls,
      ca: ours.ca,
    });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('error', (error) => resolve(error.message));
  });
}

test('two services that show certificates of one CA talk over HTTPS', async () => {
  const url = await serve(ours);
  expect(url).toMatch(/^https:/);
  expect(await call(url, ours)).toEqual({ id: 'cdc' });
  expect(await openSocket(url, ours)).toBe('open');
});

test('who shows no certificate, or one of another CA, is refused over HTTP and over sockets', async () => {
  const url = await serve(ours);
  for (const shown of [{}, { cert: strangers.cert, key: strangers.key }]) {
    const answer = await ask(`${url}/who`, shown);
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await ask(`${url}/nothing/there`, shown)).status).toBe(401);
    expect(await openSocket(url, shown)).toContain('401');
  }
});

test('a certificate does not take the place of a signature', async () => {
  const url = await serve(ours);
  const answer = await ask(`${url}/who`, { cert: ours.cert, key: ours.key });
  expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('no credentials') });
});

test('probes and metrics are answered without a certificate', async () => {
  const url = await serve(ours);
  for (const path of ['/livez', '/readyz', '/metrics']) expect((await ask(url + path)).status).toBe(200);
});

test('a service is not called that shows a certificate of another CA', async () => {
  const url = await serve(strangers);
  await expect(call(url, ours)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('a session that began without a certificate is no proof when it is resumed', async () => {
  const url = new URL(await serve(ours));
  const options = {
    host: url.hostname,
    port: Number(url.port),
    ...(ours.ca !== undefined && { ca: ours.ca }),
  };
  const exchange = (socket: TLSSocket): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write(`GET /who HTTP/1.1\r\nhost: ${url.host}\r\nconnection: close\r\n\r\n`);
    });
  const first = connect(options);
  const session = new Promise<Buffer>((resolve) => first.once('session', resolve));
  expect(await exchange(first)).toContain('shows no certificate');
  const second = connect({ ...options, session: await session });
  const reused = new Promise((resolve) =>
    second.once('secureConnect', () => resolve(second.isSessionReused())),
  );
  expect(await exchange(second)).toContain('shows no certificate');
  expect(await reused).toBe(true);
});

test('the front serves HTTPS to clients without a certificate', async () => {
  const { ca: _, ...front } = ours;
  const url = await serve(front);
  const answer = await ask(`${url}/who`);
  expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('no credentials') });
  expect(await openSocket(url, {})).toBe('open');
});

test('files that are missing or no pair are named', async () => {
  const files = await createCertificates();
  const other = await createCertificates();
  expect(() => readTlsFiles({ ...files, key: '/nowhere/key.pem' })).toThrow('/nowhere/key.pem');
  expect(() => readTlsFiles({ ...files, key: other.key })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(other.key) }),
  );
});
