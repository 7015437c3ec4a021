import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createOpenLineageClient, type OpenLineageClient } from './create-open-lineage-client.ts';
import { DeliveryError } from './delivery-error.ts';
import { datasetEvent } from './event-builders.ts';
import type { HttpTransportOptions, OutgoingRequest } from './http-transport.ts';

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
type Answer = { readonly status: number; readonly headers?: Record<string, string> } | 'hang up' | 'silence';

const event = datasetEvent({
  producer: 'https://example.org/shop',
  eventTime: '2026-01-02T03:04:05Z',
  dataset: { namespace: 'postgres://db:5432', name: 'shop.public.customers' },
});
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A consumer that gives the answers in turn, the last one for ever. */
async function consumer(...answers: Answer[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === 'hang up') request.socket.destroy();
      else if (answer !== 'silence') response.writeHead(answer?.status ?? 201, answer?.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

function clientOf(options: HttpTransportOptions): OpenLineageClient {
  const client = createOpenLineageClient({ ...options, retry: { baseMs: 1, maxMs: 5, ...options.retry } });
  open.push(() => client.close());
  return client;
}

test('an event is one JSON body with the key as bearer token', async () => {
  const { url, received } = await consumer({ status: 201 });
  await clientOf({ url, apiKey: 'secret', headers: { 'x-team': 'shop' } }).emit(event);
  expect(received).toHaveLength(1);
  expect(received[0]?.url).toBe('/api/v1/lineage');
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    authorization: 'Bearer secret',
    'x-team': 'shop',
  });
  expect(JSON.parse(String(received[0]?.body))).toEqual(event);
});

test('a URL with a path is used as it is', async () => {
  const { url, received } = await consumer({ status: 200 });
  await clientOf({ url: `${url}/ingest?team=shop` }).emit(event);
  expect(received[0]?.url).toBe('/ingest?team=shop');
  expect(() => clientOf({ url: `${url}/ingest`, endpoint: '/api' })).toThrow(/not both/);
});

test('gzip compresses what goes over the wire', async () => {
  const { url, received } = await consumer({ status: 201 });
  await clientOf({ url, gzip: true }).emit(event);
  expect(received[0]?.headers['content-encoding']).toBe('gzip');
  expect(JSON.parse(String(gunzipSync(received[0]?.body ?? '')))).toEqual(event);
});

test('each attempt is signed anew over the bytes that are sent', async () => {
  const { url, received } = await consumer({ status: 503 }, { status: 201 });
  const signed: OutgoingRequest[] = [];
  const sign = (request: OutgoingRequest) => ({ 'x-signature': String(signed.push(request)) });
  await clientOf({ url, gzip: true, sign }).emit(event);
  expect(received.map(({ headers }) => headers['x-signature'])).toEqual(['1', '2']);
  expect(signed[1]).toMatchObject({ method: 'POST', path: '/api/v1/lineage' });
  expect(Buffer.from(signed[1]?.body ?? [])).toEqual(received[1]?.body);
});

test('a connection that breaks and an overload are tried again until it is accepted', async () => {
  const { url, received } = await consumer(
    'hang up',
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 500 },
    { status: 201 },
  );
  await clientOf({ url }).emit(event);
  expect(received).toHaveLength(4);
});

test('a consumer that does not answer in time is tried again', async () => {
  const { url, received } = await consumer('silence', { status: 201 });
  await clientOf({ url, timeoutMs: 50 }).emit(event);
  expect(received).toHaveLength(2);
});

test.each([302, 400, 401, 413])('HTTP %s is final', async (status) => {
  const { url, received } = await consumer({ status, headers: { 'retry-after': '1', location: '/' } });
  const refused = await clientOf({ url })
    .emit(event)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DeliveryError);
  expect(refused).toMatchObject({ status, attempts: 1 });
  expect(received).toHaveLength(1);
});

test('attempts are bounded and the error says how it ended', async () => {
  const { url, received } = await consumer('hang up');
  const failed = await clientOf({ url, retry: { attempts: 3 } })
    .emit(event)
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ status: null, attempts: 3 });
  expect((failed as DeliveryError).cause).toBeInstanceOf(Error);
  expect(received).toHaveLength(3);
});

test('an aborted emit ends at once, between attempts too', async () => {
  const { url } = await consumer({ status: 500 });
  const signal = AbortSignal.timeout(50);
  const started = performance.now();
  const emitted = clientOf({ url, retry: { baseMs: 60_000, maxMs: 60_000 } }).emit(event, signal);
  await expect(emitted).rejects.toThrow();
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('a transport of your own takes the place of HTTP', async () => {
  const sent: unknown[] = [];
  const client = createOpenLineageClient({
    transport: { send: async (one) => void sent.push(one), close: async () => undefined },
  });
  await client.emit(event);
  expect(sent).toEqual([event]);
});
