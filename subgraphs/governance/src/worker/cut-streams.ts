import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import { cutEvents } from '@spine/platform/stream/cut-events';
import type { GovernanceDb } from '../store/governance-tables.ts';

const everyMs = 60 * 60 * 1000;
const keptMs = { decisions: 24 * everyMs, violations: 30 * 24 * everyMs };

/**
 * Ends the life of stream events: those of decisions after a day (the decisions themselves stay), those of violations after
 * a month. A reader that comes later is told of the gap. Runs until it is closed; what fails is tried again an hour later.
 */
export function cutStreams(deps: { readonly db: GovernanceDb; readonly clock: Clock; readonly log: Log }): {
  close(): Promise<void>;
} {
  const { db, clock, log } = deps;
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
