import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { CloseCode, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../log/create-log.ts';

/** What hooks of the protocol server know of a connection. */
export type SocketExtra = { readonly request: IncomingMessage; readonly socket: WebSocket };

export interface WebSocketServerOptions {
  readonly path: string;
  readonly log: Pick<Log, 'warn' | 'error'>;
  /** Largest message from a client in bytes; 64 KiB by default. */
  readonly maxPayload?: number;
  readonly keepAliveMs?: number;
  /** Called before the upgrade; false refuses it with 403. */
  readonly acceptUpgrade?: (request: IncomingMessage) => boolean;
  readonly protocol: ServerOptions<Record<string, unknown>, SocketExtra>;
}

/**
 * Speaks graphql-transport-ws, and no older protocol, on one path of a Fastify server. A peer that does not answer a
 * ping is cut off; when the app closes, sockets are closed with 1001 and their subscriptions end first.
 */
export function serveWebSockets(app: FastifyInstance, options: WebSocketServerOptions): void {
  const { path, log, maxPayload = 65_536, keepAliveMs = 12_000, acceptUpgrade, protocol } = options;
  const graphql = makeServer<Record<string, unknown>, SocketExtra>(protocol);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols,
  });

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?', 1)[0] !== path) refuse(socket, '404 Not Found');
    else if (!app.admitsPeer(request)) refuse(socket, '401 Unauthorized');
    else if (acceptUpgrade?.(request) === false) refuse(socket, '403 Forbidden');
    else sockets.handleUpgrade(request, socket, head, (accepted) => serve(accepted, request));
  };

  const serve = (socket: WebSocket, request: IncomingMessage): void => {
    const fail = (error: unknown): void => {
      log.error({ event: 'socket.failed', err: error });
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    // A frame that breaks the protocol or its limit: the peer's doing, ws closes the socket by itself.
    socket.on('error', (error) => log.warn({ event: 'socket.broken', err: error }));
    const stopPings = keepAlive(socket, request.socket, keepAliveMs);
    const closed = graphql.opened(
      {
        protocol: socket.protocol,
        // Resolves when written out, so that a slow reader slows its source and nothing queues here.
        send: (data) =>
          new Promise((resolve) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            socket.send(data, () => resolve());
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) => socket.on('message', (data) => void handle(String(data)).catch(fail)),
      },
      { request, socket },
    );
    socket.once('close', (code, reason) => {
      stopPings();
      closed(code, String(reason)).catch((error: unknown) =>
        log.error({ event: 'socket.failed', err: error }),
      );
    });
  };

  app.server.on('upgrade', onUpgrade);
  app.addHook('preClose', async () => {
    app.server.off('upgrade', onUpgrade);
    await closeAll(sockets);
  });
}

const closeMs = 2_000;

async function closeAll(sockets: WebSocketServer): Promise<void> {
  const gone = [...sockets.clients].map(
    (socket) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(() => socket.terminate(), closeMs);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        socket.close(1001, 'Going away');
      }),
  );
  await Promise.all(gone);
  sockets.close();
}

// How many pings in a row may go unanswered: a ping waits behind what was sent before it, and a peer that takes that
// slowly is not gone.
const unansweredWhenIdle = 1;
const unansweredWhenBusy = 5;
const busyBytes = 65_536;

function keepAlive(socket: WebSocket, below: Pick<Socket, 'bytesWritten'>, everyMs: number): () => void {
  let unanswered = 0;
  let answeredAt = below.bytesWritten;
  let before = { written: below.bytesWritten, waiting: 0 };
  const isAlive = (): void => {
    unanswered = 0;
    answeredAt = below.bytesWritten;
  };
  socket.on('pong', isAlive);
  const timer = setInterval(() => {
    const now = { written: below.bytesWritten, waiting: socket.bufferedAmount };
    // What waits here goes out only as the peer takes what went before.
    if (before.waiting > 0 && now.written > before.written) isAlive();
    before = now;
    const busy = now.waiting > 0 || now.written - answeredAt > busyBytes;
    if (unanswered >= (busy ? unansweredWhenBusy : unansweredWhenIdle)) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
    unanswered += 1;
  }, everyMs);
  return () => clearInterval(timer);
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
