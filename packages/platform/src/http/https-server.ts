import type { IncomingMessage, RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { TlsOptions } from './tls-files.ts';

/**
 * Creates what Fastify serves HTTPS on. With a CA every client is asked for a certificate in the handshake, and let in
 * without one all the same: probes have none. What is behind them asks `showsCertificate`.
 */
export function createHttpsServer(
  tls: TlsOptions,
  limits: Pick<ServerOptions, 'requestTimeout' | 'maxHeaderSize'>,
  listener: RequestListener,
): Server {
  return createServer(
    {
      ...tls,
      ...limits,
      keepAliveTimeout: 72_000,
      minVersion: 'TLSv1.2',
      requestCert: tls.ca !== undefined,
      rejectUnauthorized: false,
    },
    listener,
  );
}

/** Whether the client showed a certificate that the CA of the server signed. */
export function showsCertificate({ socket }: Pick<IncomingMessage, 'socket'>): boolean {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return false;
  // `authorized` alone is true of a TLS 1.3 session that began without a certificate and is resumed.
  return socket.getPeerX509Certificate() !== undefined;
}
