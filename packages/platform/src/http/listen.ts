import { Server as HttpsServer } from 'node:https';
import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance } from 'fastify';
import { isLoopback } from '../auth/is-loopback.ts';
import { findPortHolder } from './port-holder.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The variable that changes the port, named when it is busy. */
  readonly variable: string;
  /** dev: no authentication is configured, so only loopback is listened on. */
  readonly mode: 'dev' | 'tokens';
}

/**
 * Listens, and answers the base URL. Throws PORT_BUSY, naming port, holder and variable, or CONFIG_INVALID for an
 * address that others could reach while nobody has to prove anything.
 */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<string> {
  const { host, port, mode } = options;
  if (mode === 'dev' && !isLoopback(host)) {
    throw new Problem(
      'CONFIG_INVALID',
      `SPINE_HOST ${host} can be reached by others, and no authentication is configured`,
      {
        fix: 'Configure tokens by SPINE_TOKENS_FILE or SPINE_OIDC_ISSUER, or leave SPINE_HOST at 127.0.0.1.',
      },
    );
  }
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw await listenProblem(error, options);
  }
  const address = app.server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  const scheme = app.server instanceof HttpsServer ? 'https' : 'http';
  return `${scheme}://${reachable(host)}:${bound}`;
}

async function listenProblem(error: unknown, { host, port, variable }: ListenOptions): Promise<unknown> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const holder = await findPortHolder(port);
    const by = holder === undefined ? 'another process' : holder;
    return new Problem('PORT_BUSY', `port ${port} of ${host} is held by ${by}`, {
      fix: `Stop its holder, or set ${variable} to another port.`,
      extensions: { port, variable, ...(holder === undefined ? {} : { holder }) },
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new Problem('CONFIG_INVALID', `${host}:${port} cannot be listened on (${code})`, {
      fix: `Set SPINE_HOST to an address of this machine, and ${variable} to a port this user may use.`,
      cause: error,
    });
  }
  return error;
}

/** Where a client on this machine finds a server that listens on all addresses. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
