import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Problem } from '@spine/kernel/problem';

/** Whether nobody listens on a loopback port now. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free loopback port below the range that systems hand to outgoing connections, so that it is still free next time. */
export async function chooseFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(20_000, 30_000);
    if (await isPortFree(port)) return port;
  }
  throw new Problem('PORT_BUSY', 'no free port for Postgres between 20000 and 30000', {
    fix: 'free one of them',
  });
}
