import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { devPrincipal } from '@spine/platform/auth/principal';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { SubgraphLost } from './subgraph-lost.ts';
import { createUpstreamSocket } from './upstream-socket.ts';

/** A subgraph whose one stream sends what the test tells it to, whether or not anybody reads. */
async function startSubgraph() {
  const server = new WebSocketServer({ port: 0, handleProtocols: () => 'graphql-transport-ws' });
  await once(server, 'listening');
  let sent = 0;
  const subscribed = new Promise<{ readonly socket: WebSocket; readonly id: string }>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }));
        if (message.type === 'subscribe') resolve({ socket, id: message.id });
      });
    });
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async send(howMany: number): Promise<void> {
      const { socket, id } = await subscribed;
      for (const end = sent + howMany; sent < end; ) {
        sent += 1;
        socket.send(JSON.stringify({ id, type: 'next', payload: { data: { n: sent } } }));
      }
      // Answered only when all before it was taken.
      const answered = once(socket, 'pong');
      socket.ping();
      await answered;
    },
    close: () => server.close(),
  };
}

test('what is lost for a slow reader is the end of its stream: nothing comes behind it', async () => {
  const subgraph = await startSubgraph();
  const socket = createUpstreamSocket({
    name: 'watch',
    url: subgraph.url,
    secret: 'a secret, long enough for a test',
    service: 'gateway',
  });
  const request = { query: 'subscription { n }', variables: {}, principal: devPrincipal(), requestId: 'r' };
  const events = socket.subscribe(request, new AbortController().signal);
  const read: unknown[] = [];
  const readSome = async (howMany: number): Promise<void> => {
    while (read.length < howMany) read.push((await events.next()).value?.data?.['n']);
  };
  // More than is kept; then there is room again, and more comes.
  await subgraph.send(1_500);
  await sleep(50);
  await readSome(400);
  await subgraph.send(300);
  await sleep(50);
  await expect(readSome(2_000)).rejects.toBeInstanceOf(SubgraphLost);
  expect(read.length).toBeGreaterThan(400);
  expect(read).toEqual(read.map((_, index) => index + 1));
  await socket.close();
  subgraph.close();
});
