import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a server, that can do what networks do. Faults hold for connections open and to come. */
export interface TcpProxy {
  readonly port: number;
  /** The URL with host and port replaced by the proxy's. */
  through(url: string): string;
  /** Delays every chunk, in each direction. */
  delay(ms: number): void;
  /** Swallows everything without a word, as a cut cable does: connections stay open, new ones are accepted and hear nothing. */
  partition(): void;
  /** Ends every connection with a reset; new ones work. */
  reset(): void;
  /** Ends every connection and refuses new ones, as a server that is down does. */
  cut(): void;
  /** Ends all faults. What a partition swallowed stays lost, so connections that lived through one are reset. */
  heal(): void;
  /** How many clients are connected now. */
  connections(): number;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket | null;
}

type State = 'open' | 'partitioned' | 'cut';

/** Listens on a free loopback port and forwards to the target. */
export async function createTcpProxy(target: {
  readonly host?: string;
  readonly port: number;
}): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let state: State = 'open';
  let delayMs = 0;

  const endPair = (pair: Pair): void => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server?.destroy();
  };
  const endAll = (): void => {
    for (const pair of [...pairs]) endPair(pair);
  };
  const forward = (from: Socket, to: Socket, pair: Pair): void => {
    let turn: Promise<void> = Promise.resolve();
    from.on('data', (chunk) => {
      if (state !== 'open') return;
      const due = performance.now() + delayMs;
      from.pause();
      // Chunks keep their order when the delay changes between them.
      turn = turn
        .then(() => arrive(due))
        .then(() => {
          from.resume();
          if (state === 'open' && !to.destroyed) to.write(chunk);
        });
    });
    from.on('end', () => {
      turn = turn.then(() => {
        if (state === 'open') to.end();
      });
    });
    from.on('error', () => endPair(pair));
    from.on('close', () => {
      void turn.then(() => endPair(pair));
    });
  };

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    client.setNoDelay(true);
    if (state === 'cut') {
      client.resetAndDestroy();
      return;
    }
    // Under a partition even the connection is only the proxy's: nobody is asked behind it.
    const server =
      state === 'partitioned'
        ? null
        : connect({
            host: target.host ?? '127.0.0.1',
            port: target.port,
            allowHalfOpen: true,
            noDelay: true,
          });
    const pair: Pair = { client, server };
    pairs.add(pair);
    if (server === null) {
      client.on('error', () => endPair(pair));
      client.on('close', () => endPair(pair));
      client.resume();
      return;
    }
    forward(client, server, pair);
    forward(server, client, pair);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    port,
    through(url) {
      const changed = new URL(url);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.href;
    },
    delay(ms) {
      delayMs = ms;
    },
    partition() {
      state = 'partitioned';
    },
    reset: endAll,
    cut() {
      state = 'cut';
      endAll();
    },
    heal() {
      if (state === 'partitioned') endAll();
      state = 'open';
      delayMs = 0;
    },
    connections: () => pairs.size,
    close() {
      endAll();
      return new Promise((resolve) => {
        listener.close(() => resolve());
      });
    },
  };
}

function arrive(due: number): Promise<void> {
  const ms = due - performance.now();
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
