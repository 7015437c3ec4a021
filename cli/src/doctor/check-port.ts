import { createServer } from 'node:net';
import { findPortHolder } from '@spine/platform/http/port-holder';
import type { Finding } from './finding.ts';

/** Whether a port can be listened on; a busy one is told with its holder. */
export async function checkPort(variable: string, port: number, host: string): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
  const name = `port ${port}`;
  if (free) return { name, good: true, detail: `free (${variable})` };
  const holder = await findPortHolder(port);
  return {
    name,
    good: false,
    detail: `busy${holder === undefined ? '' : `: held by ${holder}`}`,
    fix: `Stop its holder, or set ${variable} to another port.`,
  };
}
