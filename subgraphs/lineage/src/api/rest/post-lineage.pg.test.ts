import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { signRequest } from '@spine/platform/auth/service-signature';
import type { Service } from '@spine/platform/service/service';
import { createTcpProxy } from '@spine/testkit/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LineageConfig } from '../../config.ts';
import { maxBodyBytes, maxDecodedBytes } from '../../formats/decode-body.ts';
import { createLineageService } from '../../service.ts';
import { runBody, runId } from '../../testing/sample-events.ts';

let testDatabase: TestDatabase;
let service: Service;
let client: pg.Client;
const home = mkdtempSync(join(tmpdir(), 'spine-lineage-'));
const tokensFile = join(home, 'tokens.json');

const configOf = (databaseUrl: string): LineageConfig => ({
  databaseUrl,
  host: '127.0.0.1',
  port: 0,
  serviceSecret: 's'.repeat(32),
  streamSecret: 't'.repeat(32),
  tokensFile,
  logLevel: 'silent',
});

beforeAll(async () => {
  const token = (id: string, roles: string[]) => ({
    id,
    sha256: createHash('sha256').update(`${id}-secret-of-some-length`).digest('hex'),
    roles,
    functions: [],
  });
  writeFileSync(tokensFile, JSON.stringify([token('producer', ['publisher']), token('reader', ['viewer'])]));
  testDatabase = await createTestDatabase();
  service = await createLineageService(configOf(testDatabase.url));
  client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
});
afterAll(async () => {
  await service.close();
  await client.end();
  await testDatabase.drop();
  rmSync(home, { recursive: true });
});

const authorization = 'Bearer producer-secret-of-some-length';
type Headers = Record<string, string>;

async function post(payload: string | Buffer | Readable, headers: Headers = {}) {
  return await service.app.inject({
    method: 'POST',
    url: '/api/v1/lineage',
    payload,
    headers: { authorization, 'content-type': 'application/json', ...headers },
  });
}

async function stored(run: string): Promise<number> {
  const { rows } = await client.query('select event_id from lineage.event_log where run_id = $1', [run]);
  return rows.length;
}

const bodyOf = (run: number) => JSON.stringify(runBody({ run: runId(run), reads: ['a'], writes: ['b'] }));

describe('an event is accepted with 201 and nothing else', () => {
  test('plain, and again without being stored twice', async () => {
    const answer = await post(bodyOf(1));
    expect(answer.statusCode).toBe(201);
    expect(answer.body).toBe('');
    expect((await post(bodyOf(1))).statusCode).toBe(201);
    expect(await stored(runId(1))).toBe(1);
  });

  test('with the content type of the Java client', async () => {
    const answer = await post(bodyOf(2), { 'content-type': 'application/json; charset=UTF-8' });
    expect(answer.statusCode).toBe(201);
  });

  test('compressed', async () => {
    expect((await post(gzipSync(bodyOf(3)), { 'content-encoding': 'gzip' })).statusCode).toBe(201);
    expect(await stored(runId(3))).toBe(1);
  });

  test('compressed and chunked', async () => {
    const zipped = gzipSync(bodyOf(4));
    const chunks = Readable.from([zipped.subarray(0, 10), zipped.subarray(10)]);
    expect((await post(chunks, { 'content-encoding': 'gzip' })).statusCode).toBe(201);
    expect(await stored(runId(4))).toBe(1);
  });

  test('by Basic, as Confluent clients send it', async () => {
    const basic = Buffer.from('producer:producer-secret-of-some-length').toString('base64');
    expect((await post(bodyOf(5), { authorization: `Basic ${basic}` })).statusCode).toBe(201);
  });

  test('from a service that signs the bytes on the wire', async () => {
    const body = gzipSync(bodyOf(6));
    const request = { method: 'POST', path: '/api/v1/lineage', body };
    const signed = signRequest({ ...request, secret: 's'.repeat(32), service: 'cdc', now: new Date() });
    const send = (payload: Buffer) => {
      const headers = { ...signed, 'content-type': 'application/json', 'content-encoding': 'gzip' };
      return service.app.inject({ method: 'POST', url: request.path, payload, headers });
    };
    expect((await send(gzipSync(bodyOf(9)))).statusCode).toBe(401);
    expect((await send(body)).statusCode).toBe(201);
    expect(await stored(runId(6))).toBe(1);
  });
});

describe('what is refused says why, as a problem', () => {
  test.each<[string, string | Buffer, Headers, number, string]>([
    ['no JSON', '{"a":', {}, 400, 'EVENT_INVALID'],
    ['nothing', '', {}, 400, 'EVENT_INVALID'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'EVENT_INVALID'],
    ['a list of events', '[]', {}, 400, 'EVENT_INVALID'],
    ['an event without identity', '{"eventTime":"2026-01-01T00:00:00Z"}', {}, 400, 'EVENT_INVALID'],
    ['what is not gzip', bodyOf(9), { 'content-encoding': 'gzip' }, 400, 'EVENT_INVALID'],
    [
      'half of a gzip',
      gzipSync(bodyOf(9)).subarray(0, 100),
      { 'content-encoding': 'gzip' },
      400,
      'EVENT_INVALID',
    ],
    ['another encoding', bodyOf(9), { 'content-encoding': 'br' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['another content type', bodyOf(9), { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no credentials', bodyOf(9), { authorization: '' }, 401, 'UNAUTHENTICATED'],
    ['a wrong token', bodyOf(9), { authorization: 'Bearer nobody' }, 401, 'UNAUTHENTICATED'],
    [
      'a role that may only read',
      bodyOf(9),
      { authorization: 'Bearer reader-secret-of-some-length' },
      403,
      'FORBIDDEN',
    ],
  ])('%s', async (_, body, headers, status, code) => {
    const answer = await post(body, headers);
    expect(answer.json()).toMatchObject({ code });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(await stored(runId(9))).toBe(0);
  });

  test('a body that is too large: 413, and no Retry-After, or clients would send it again', async () => {
    const answer = await post(Buffer.alloc(maxBodyBytes + 1, ' '));
    expect(answer.statusCode).toBe(413);
    expect(answer.headers['retry-after']).toBeUndefined();
  });

  test('a small body that grows without bound when decompressed: 413 as well', async () => {
    const bomb = gzipSync(Buffer.alloc(maxDecodedBytes + 1, ' '), { level: 9 });
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await post(bomb, { 'content-encoding': 'gzip' });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(answer.headers['retry-after']).toBeUndefined();
  });

  test('another method names the one to use', async () => {
    const answer = await service.app.inject({ url: '/api/v1/lineage', headers: { authorization } });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['allow']).toBe('POST');
  });
});

test('a bad event names the place, never what stood there', async () => {
  const answer = await post(
    JSON.stringify({ ...runBody({ run: runId(9) }), inputs: [{ name: 'ada@example.org' }] }),
  );
  expect(answer.json()).toMatchObject({ code: 'EVENT_INVALID', path: '/inputs/0/namespace' });
  expect(answer.body).not.toContain('ada@example.org');
});

test('two hundred at once are all stored', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => post(bodyOf(1000 + i))));
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
  const { rows } = await client.query(
    `select run_id from lineage.event_log where run_id >= $1 and run_id <= $2`,
    [runId(1000), runId(1199)],
  );
  expect(rows).toHaveLength(200);
});

test('when the database is away it is 503 with Retry-After, and later the same event is taken', async () => {
  const proxy = await createTcpProxy({ port: Number(new URL(testDatabase.url).port) });
  const distant = await createLineageService(configOf(proxy.through(testDatabase.url)));
  const send = async () =>
    await distant.app.inject({
      method: 'POST',
      url: '/api/v1/lineage',
      payload: bodyOf(7),
      headers: { authorization, 'content-type': 'application/json' },
    });
  proxy.cut();
  const refused = await send();
  proxy.heal();
  const accepted = await send();
  await distant.close();
  await proxy.close();
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['retry-after']).toMatch(/^\d+$/);
  expect(accepted.statusCode).toBe(201);
  expect(await stored(runId(7))).toBe(1);
});

test('metrics tell new events from known ones', async () => {
  const { body } = await service.app.inject('/metrics');
  expect(body).toMatch(/spine_lineage_events_total\{.*known="no".*\} [1-9]/);
  expect(body).toMatch(/spine_lineage_events_total\{.*known="yes".*\} [1-9]/);
});
