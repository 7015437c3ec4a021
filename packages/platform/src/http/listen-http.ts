import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance } from 'fastify';
import { isLoopback } from '../auth/is-loopback.ts';
import { findPortHolder } from './port-holder.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** The variable that changes the port, for the error that names it. */
  readonly portVariable: string;
  /** Dev mode (no auth configured) refuses any address but loopback. */
  readonly dev: boolean;
}

/** Starts listening and answers the base URL. Problems: PORT_BUSY with its holder, CONFIG_INVALID for dev mode off loopback. */
export async function listenHttp(app: FastifyInstance, address: ListenAddress): Promise<string> {
  const { host, port, portVariable, dev } = address;
  if (dev && !isLoopback(host)) {
    throw new Problem(
      'CONFIG_INVALID',
      `no auth is configured, so ${host} is refused: anyone there would be admin`,
      {
        fix: 'Set SPINE_TOKENS_FILE (see `npm run env`), or leave SPINE_HOST at 127.0.0.1.',
      },
    );
  }
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const holder = await findPortHolder(port);
    throw new Problem(
      'PORT_BUSY',
      `port ${port} is busy${holder === undefined ? '' : `: held by ${holder}`}`,
      {
        fix: `Stop its holder, or set ${portVariable} to another port.`,
        cause: error,
      },
    );
  }
  const [first] = app.addresses();
  const bound = typeof first === 'object' ? first.port : port;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${bound}`;
}
