import { createServer } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { listen } from './listen.ts';
import { findPortHolder, listeningInodes } from './port-holder.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function occupy(): Promise<number> {
  const server = createServer();
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function server() {
  const app = Fastify();
  closers.push(() => app.close());
  return app;
}
const options = { host: '127.0.0.1', port: 0, variable: 'SPINE_CDC_PORT', mode: 'dev' } as const;

test('port 0 listens on a free one and answers the base URL', async () => {
  const url = await listen(server(), options);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect((await fetch(url)).status).toBe(404);
});

test('a busy port is named with its holder and the variable that changes it', async () => {
  const port = await occupy();
  await expect(listen(server(), { ...options, port })).rejects.toMatchObject({
    code: 'PORT_BUSY',
    message: expect.stringContaining(`port ${port} of 127.0.0.1 is held by`),
    fix: expect.stringContaining('SPINE_CDC_PORT'),
  });
});

test.runIf(process.platform === 'linux')('the holder is told by pid and command', async () => {
  expect(await findPortHolder(await occupy())).toContain(`pid ${process.pid} (`);
});

test('a port that nobody holds has no holder', async () => {
  const port = await occupy();
  await closers.pop()?.();
  expect(await findPortHolder(port)).toBeUndefined();
});

test.each(['0.0.0.0', '::', '192.0.2.1', 'spine.example'])(
  'without authentication %s is refused',
  async (host) => {
    await expect(listen(server(), { ...options, host })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      fix: expect.stringContaining('SPINE_TOKENS_FILE'),
    });
  },
);

test('an address that is not of this machine names SPINE_HOST', async () => {
  await expect(listen(server(), { ...options, host: '192.0.2.1', mode: 'tokens' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    fix: expect.stringContaining('SPINE_HOST'),
  });
});

test('only listening sockets of the port count in the table of the kernel', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
   1: 0100007F:0FA0 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1
   2: 0100007F:10FA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1`;
  expect(listeningInodes(table, 4000)).toEqual(['4711']);
});
