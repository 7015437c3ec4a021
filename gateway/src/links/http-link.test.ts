import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { makePrincipal } from '@spine/platform/auth/principal';
import { eventually } from '@spine/testkit/eventually';
import { afterEach, expect, test } from 'vitest';
import { ConnectionBroken } from './connection-broken.ts';
import { createHttpLink, type HttpLinkOptions } from './http-link.ts';
import type { SubgraphLink, SubgraphRequest } from './subgraph-link.ts';
import { withRetry } from './with-retry.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const principal = makePrincipal({ id: 'ann', kind: 'user', roles: ['viewer'] });
const request = (over: Partial<SubgraphRequest> = {}): SubgraphRequest => ({
  query: '{ a }',
  variables: {},
  principal,
  requestId: 'r-1',
  ...over,
});
const never = new AbortController().signal;

async function linkTo(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<HttpLinkOptions> = {},
): Promise<{ readonly link: SubgraphLink; readonly server: Server }> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const secret = 'a secret of more than thirty-two characters';
  const link = createHttpLink({ name: 'catalog', url: `http://127.0.0.1:${port}`, secret, ...options });
  closers.push(
    () => link.close(),
    () => {
      server.closeAllConnections();
      server.close();
    },
  );
  return { link, server };
}

const good = (response: ServerResponse): void => void response.end('{"data":{"a":1}}');

test('ends the request upstream when its caller gives up, and keeps none of it', async () => {
  let ended = 0;
  let arrived = 0;
  const { link } = await linkTo((incoming) => {
    arrived += 1;
    incoming.socket.once('close', () => {
      ended += 1;
    });
  });
  const caller = new AbortController();
  const answer = link.execute(request(), caller.signal);
  await eventually(() => expect(arrived).toBe(1));
  caller.abort(new Error('the client left'));
  await expect(answer).rejects.toThrow('the client left');
  await eventually(() => expect(ended).toBe(1));
});

test('a caller who gives up while it waits for a free connection sends nothing', async () => {
  const held: ServerResponse[] = [];
  const { link } = await linkTo((_, response) => void held.push(response), { connections: 1 });
  const first = link.execute(request(), never);
  await eventually(() => expect(held).toHaveLength(1));
  const caller = new AbortController();
  const second = link.execute(request({ query: '{ b }' }), caller.signal);
  caller.abort(new Error('the client left'));
  await expect(second).rejects.toThrow('the client left');
  for (const response of held) good(response);
  expect(await first).toEqual({ data: { a: 1 } });
  const third = link.execute(request(), never);
  await eventually(() => expect(held).toHaveLength(2));
  held.forEach(good);
  expect(await third).toEqual({ data: { a: 1 } });
});

test('a query survives that its kept connection was closed, a mutation is sent once', async () => {
  const bodies: string[] = [];
  const { link } = await linkTo((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += String(chunk);
    });
    incoming.on('end', () => {
      bodies.push(body);
      if (bodies.length % 2 === 1) incoming.socket.resetAndDestroy();
      else good(response);
    });
  });
  const retried = withRetry(link, () => undefined);
  expect(await retried.execute(request(), never)).toEqual({ data: { a: 1 } });
  expect(bodies).toHaveLength(2);
  const mutation = retried.execute(request({ query: 'mutation { a }' }), never);
  await expect(mutation).rejects.toBeInstanceOf(ConnectionBroken);
  expect(bodies).toHaveLength(3);
});

test('an answer that breaks off is no reason to ask again', async () => {
  let asked = 0;
  const { link } = await linkTo((incoming, response) => {
    asked += 1;
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"data"');
    setTimeout(() => incoming.socket.destroy(), 20);
  });
  const answer = withRetry(link, () => undefined).execute(request(), never);
  await expect(answer).rejects.not.toBeInstanceOf(ConnectionBroken);
  expect(asked).toBe(1);
});

test('an answer beyond the cap is refused without being kept', async () => {
  const { link } = await linkTo(
    (_, response) => void response.end(`{"data":{"a":"${'x'.repeat(2 ** 21)}"}}`),
    {
      maxAnswerBytes: 2 ** 20,
    },
  );
  expect(await link.execute(request(), never)).toMatchObject({
    errors: [
      { message: expect.stringContaining('more than 1 MiB'), extensions: { code: 'PAYLOAD_TOO_LARGE' } },
    ],
  });
});

test.each([
  ['a page of a proxy', 502, '<html>'],
  ['a problem', 503, '{"title":"no"}'],
  ['JSON that is none', 200, '[1]'],
])('%s is no answer', async (_, status, body) => {
  const { link } = await linkTo((__, response) => void response.writeHead(status).end(body));
  await expect(link.execute(request(), never)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('sends the request id, the trace and the headers that are forwarded, and they cannot replace our own', async () => {
  const seen: IncomingMessage['headers'][] = [];
  const { link } = await linkTo((incoming, response) => {
    seen.push(incoming.headers);
    good(response);
  });
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const headers = { 'x-region': 'eu', 'content-type': 'text/plain' };
  await link.execute(request({ headers, traceparent }), never);
  expect(seen[0]).toMatchObject({
    'x-region': 'eu',
    'x-request-id': 'r-1',
    traceparent,
    'content-type': 'application/json',
  });
  expect(seen[0]).not.toHaveProperty('authorization');
});
