import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log/create-log.ts';

export interface ListenSessionOptions {
  readonly url: string;
  /** The channels wanted now; read again at every (re)connect. */
  readonly channels: () => Iterable<string>;
  /** `payload` is null when the channel has just begun to be heard: whatever came before may have been missed. */
  readonly onNotify: (channel: string, payload: string | null) => void;
  /** Called with the live session's `listen`/`unlisten` after each (re)connect, and with null when it is lost. */
  readonly onSession?: (session: ListenSession | null) => void;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'warn'>;
}

/** The live connection: changes of interest are sent at once, and a failed one ends the session so that it reconnects. */
export interface ListenSession {
  listen(channel: string): void;
  unlisten(channel: string): void;
}

const pingEveryMs = 15_000;
const backoffMs = { first: 50, most: 5_000 } as const;

/**
 * Keeps one connection listening until `signal` aborts, then resolves with the connection closed. It reconnects for
 * ever: being away is announced by `onNotify(channel, null)` on return, never by an error.
 */
export async function keepListening(options: ListenSessionOptions): Promise<void> {
  let wait: number = backoffMs.first;
  while (!options.signal.aborted) {
    const outcome = await listenOnce(options);
    if (options.signal.aborted) return;
    if (outcome.connected) wait = backoffMs.first;
    options.log.warn({ event: 'postgres.listen_lost', retryInMs: wait, err: outcome.cause });
    await sleep(wait, undefined, { signal: options.signal }).catch(() => undefined);
    wait = Math.min(wait * 2, backoffMs.most);
  }
}

async function listenOnce(options: ListenSessionOptions): Promise<{ connected: boolean; cause: unknown }> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'spine-listen',
    connectionTimeoutMillis: 10_000,
    // A peer that vanished without a word answers no ping either.
    query_timeout: 10_000,
    keepAlive: true,
  });
  let fail: (cause: unknown) => void = () => undefined;
  const over = new Promise<unknown>((resolve) => {
    fail = resolve;
  });
  client.on('error', fail);
  client.on('end', () => fail(new Error('the server closed the listening connection')));
  client.on('notification', ({ channel, payload }) => options.onNotify(channel, payload ?? ''));
  const onAbort = (): void => fail(undefined);
  options.signal.addEventListener('abort', onAbort, { once: true });

  let connected = false;
  let ping: NodeJS.Timeout | undefined;
  try {
    await Promise.race([client.connect(), over.then((cause) => Promise.reject(cause))]);
    connected = true;
    const listen = (channel: string): void => {
      client
        .query(`listen ${pg.escapeIdentifier(channel)}`)
        .then(() => options.onNotify(channel, null))
        .catch(fail);
    };
    const unlisten = (channel: string): void => {
      client.query(`unlisten ${pg.escapeIdentifier(channel)}`).catch(fail);
    };
    for (const channel of options.channels()) listen(channel);
    options.onSession?.({ listen, unlisten });
    ping = setInterval(() => client.query('select 1').catch(fail), pingEveryMs);
    return { connected, cause: await over };
  } catch (cause) {
    return { connected, cause };
  } finally {
    clearInterval(ping);
    options.signal.removeEventListener('abort', onAbort);
    options.onSession?.(null);
    await closeClient(client);
  }
}

async function closeClient(client: pg.Client): Promise<void> {
  const deadline = new AbortController();
  // `end()` waits for the peer's goodbye, which a vanished peer never sends.
  const late = sleep(1_000, undefined, { signal: deadline.signal }).catch(() => undefined);
  await Promise.race([client.end().catch(() => undefined), late]);
  deadline.abort();
}
