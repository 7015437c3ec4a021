import type { Log } from '../log/create-log.ts';
import type { Database } from './create-database.ts';
import { keepListening, type ListenSession } from './listen-session.ts';

/** One listening connection of a process, shared by every channel that someone in it wants to hear. */
export interface ListenHub {
  /**
   * Calls `onNotify` with each payload, and with null whenever listening has (re)started: look again, some may have
   * been missed. Returns the way out.
   */
  subscribe(channel: string, onNotify: (payload: string | null) => void): () => void;
  close(): Promise<void>;
}

type Listener = (payload: string | null) => void;

/** Opens the connection with the first subscription; a process that listens to nothing holds none. */
export function createListenHub<DB>(database: Pick<Database<DB>, 'url'>, log: Pick<Log, 'warn'>): ListenHub {
  const listeners = new Map<string, Set<Listener>>();
  const closing = new AbortController();
  let session: ListenSession | null = null;
  let running: Promise<void> | undefined;

  const start = (): Promise<void> =>
    keepListening({
      url: database.url,
      channels: () => listeners.keys(),
      onNotify(channel, payload) {
        for (const listener of [...(listeners.get(channel) ?? [])]) listener(payload);
      },
      onSession(current) {
        session = current;
      },
      signal: closing.signal,
      log,
    });

  return {
    subscribe(channel, onNotify) {
      // A wrapper of its own, so that one function may be subscribed twice.
      const listener: Listener = (payload) => onNotify(payload);
      const known = listeners.get(channel);
      if (known === undefined) listeners.set(channel, new Set([listener]));
      else known.add(listener);
      if (running === undefined && !closing.signal.aborted) running = start();
      // A second LISTEN is harmless, and its answer is the new listener's first call.
      else session?.listen(channel);

      return () => {
        const current = listeners.get(channel);
        if (current === undefined || !current.delete(listener) || current.size > 0) return;
        listeners.delete(channel);
        session?.unlisten(channel);
      };
    },
    async close() {
      closing.abort();
      listeners.clear();
      await running;
    },
  };
}
