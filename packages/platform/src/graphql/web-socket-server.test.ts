import { createRecordingLog } from '@spine/testkit/recording-log';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { serveWebSockets } from './web-socket-server.ts';

const keepAliveMs = 40;
const app = () => {
  const made = Fastify();
  made.decorate('admitsPeer', () => true);
  return made;
};
let running: ReturnType<typeof app> | undefined;
afterEach(() => running?.close());

/** How long a peer stays connected that answers no ping, in intervals of pings; `bytes` are sent to it first. */
async function intervalsOf(bytes: number, autoPong = false): Promise<number> {
  running = app();
  serveWebSockets(running, {
    path: '/graphql',
    log: createRecordingLog(),
    keepAliveMs,
    protocol: {
      onConnect({ extra: { socket } }) {
        socket.send('x'.repeat(bytes));
        return true;
      },
    },
  });
  const url = await running.listen({ port: 0, host: '127.0.0.1' });
  const client = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { autoPong });
  client.on('open', () => client.send('{"type":"connection_init"}'));
  const startedAt = performance.now();
  const tooLong = setTimeout(() => client.close(), 12 * keepAliveMs);
  await new Promise((resolve) => client.once('close', resolve));
  clearTimeout(tooLong);
  return (performance.now() - startedAt) / keepAliveMs;
}

test('a peer that answers no ping is cut off after two', async () => {
  expect(await intervalsOf(10)).toBeLessThan(4.5);
});

test('one to which much was sent has longer: a ping waits behind what it has not taken yet', async () => {
  const intervals = await intervalsOf(200_000);
  expect(intervals).toBeGreaterThan(4.5);
  expect(intervals).toBeLessThan(11);
});

test('one that answers stays', async () => {
  expect(await intervalsOf(10, true)).toBeGreaterThan(11);
});
