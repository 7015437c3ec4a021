import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createEventStreamClient } from './resume-subscription-events.ts';

let stop = (): void => undefined;
afterEach(() => stop());

/** A server that answers by hand. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return `http://127.0.0.1:${address.port}/graphql`;
}

/** Subscribes until the stream ends; what was told, in order. */
function follow(url: string, headers?: () => Record<string, string>): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  return new Promise((resolve) => {
    createEventStreamClient({ url, ...(headers !== undefined && { headers }) }).subscribe(
      { query: 'subscription', variables: { after: 'c1' } },
      {
        next: (result) => void told.push(result),
        error: (error) => resolve([...told, error]),
        complete: () => resolve([...told, 'complete']),
      },
    );
  });
}

test('events come in order, whatever the chunks, with comments between them left out', async () => {
  const text =
    'id: c2\nevent: next\ndata: {"data":{"n":"ä"}}\n\n:\n\nevent: next\ndata: {"data":{"n":2}}\n\nevent: complete\ndata:\n\n';
  const url = await serve(async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const byte of Buffer.from(text)) {
      response.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  expect(await follow(url)).toEqual([{ data: { n: 'ä' } }, { data: { n: 2 } }, 'complete']);
});

test('the request carries what was asked, and a header that is made anew', async () => {
  let asked = '';
  let authorization: string | undefined;
  const url = await serve(async (request, response) => {
    authorization = request.headers.authorization;
    for await (const chunk of request) asked += String(chunk);
    response.end('event: complete\ndata:\n\n');
  });
  await follow(url, () => ({ authorization: 'Bearer fresh' }));
  expect(JSON.parse(asked)).toEqual({ query: 'subscription', variables: { after: 'c1' } });
  expect(authorization).toBe('Bearer fresh');
});

test('an end without completion is a break, and so is a server that is too busy', async () => {
  const cut = await serve((_, response) => {
    response.write('event: next\ndata: {"data":{"n":1}}\n\n', () => response.destroy());
  });
  expect(await follow(cut)).toMatchObject([{ data: { n: 1 } }, expect.any(Error)]);
  stop();
  const busy = await serve((_, response) => void response.writeHead(503).end());
  expect(await follow(busy)).toEqual([expect.any(Error)]);
});

test('a refusal is told as graphql-ws tells one', async () => {
  const url = await serve((_, response) => void response.writeHead(401).end());
  expect(await follow(url)).toEqual([
    [{ message: 'the gateway answered with status 401', extensions: { status: 401 } }],
  ]);
});
