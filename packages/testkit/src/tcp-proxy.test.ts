import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;
let clients: Socket[];

beforeEach(async () => {
  clients = [];
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = Object(echo.address());
  proxy = await createTcpProxy({ port });
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

async function open(): Promise<{ socket: Socket; heard: () => string; ended: () => string | null }> {
  const socket = connect(proxy.port, '127.0.0.1');
  clients.push(socket);
  let heard = '';
  let ended: string | null = null;
  socket.on('data', (chunk) => {
    heard += chunk.toString();
  });
  socket.on('error', (error) => {
    ended = 'code' in error ? String(error.code) : error.message;
  });
  socket.on('close', () => {
    ended ??= 'closed';
  });
  await once(socket, 'connect');
  return { socket, heard: () => heard, ended: () => ended };
}

test('it forwards both ways, a large answer whole and in order', async () => {
  const { socket, heard } = await open();
  const text = Array.from({ length: 200_000 }, (_, n) => n % 10).join('');
  socket.write(text);
  await eventually(() => expect(heard().length).toBe(text.length));
  expect(heard()).toBe(text);
});

test('a delay holds in each direction', async () => {
  const { socket, heard } = await open();
  proxy.delay(60);
  const from = performance.now();
  socket.write('x');
  await eventually(() => expect(heard()).toBe('x'), { everyMs: 2 });
  expect(performance.now() - from).toBeGreaterThan(110);
});

test('under a partition nothing is heard and nothing is closed, new connections included; healed, they are reset', async () => {
  const before = await open();
  proxy.partition();
  before.socket.write('lost');
  const during = await open();
  during.socket.write('lost too');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([before.heard(), before.ended(), during.heard(), during.ended()]).toEqual(['', null, '', null]);
  proxy.heal();
  await eventually(() => expect([before.ended(), during.ended()]).toEqual(['ECONNRESET', 'ECONNRESET']));
  const after = await open();
  after.socket.write('heard');
  await eventually(() => expect(after.heard()).toBe('heard'));
});

test('a reset ends what is open, a cut also what comes', async () => {
  const first = await open();
  proxy.reset();
  await eventually(() => expect(first.ended()).toBe('ECONNRESET'));
  const second = await open();
  second.socket.write('x');
  await eventually(() => expect(second.heard()).toBe('x'));
  proxy.cut();
  await eventually(() => expect(second.ended()).toBe('ECONNRESET'));
  const third = await open().catch(() => undefined);
  if (third !== undefined) await eventually(() => expect(third.ended()).not.toBeNull());
  expect(proxy.connections()).toBe(0);
});

test('the end of one side reaches the other', async () => {
  const { socket, ended } = await open();
  socket.end('bye');
  await eventually(() => expect(ended()).toBe('closed'));
  await eventually(() => expect(proxy.connections()).toBe(0));
});

test('a URL is led through it, the rest kept', () => {
  expect(proxy.through('postgres://u:p@db.example:5432/shop?x=1')).toBe(
    `postgres://u:p@127.0.0.1:${proxy.port}/shop?x=1`,
  );
});
