import type { QueryExecutorProvider } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Log } from '../log/create-log.ts';
import { cutEvents } from './cut-events.ts';

const everyMs = 60 * 60 * 1000;

/**
 * Ends the life of stream events that are older than their stream keeps them; `keptMs` says how long, by the stream's name. A reader
 * that comes later is told of the gap. Runs at once and each hour until it is closed; what fails is tried again an hour later.
 */
export function cutStreams(deps: {
  readonly db: QueryExecutorProvider;
  readonly keptMs: Readonly<Record<string, number>>;
  readonly clock: Clock;
  readonly log: Log;
}): { close(): Promise<void> } {
  const { db, keptMs, clock, log } = deps;
  const stop = new AbortController();
  const cutting = (async () => {
    while (!stop.signal.aborted) {
      for (const [stream, kept] of Object.entries(keptMs)) {
        try {
          const removed = await cutEvents(db, stream, new Date(clock.now().getTime() - kept));
          if (removed > 0) log.info({ event: 'stream.cut', stream, removed });
        } catch (error) {
          log.warn({ event: 'stream.not_cut', stream, err: error });
        }
      }
      await clock.sleep(everyMs, stop.signal).catch(() => undefined);
    }
  })();
  return {
    async close() {
      stop.abort();
      await cutting;
    },
  };
}
