import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { ServiceClient } from '@spine/platform/http/service-client';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../store/cdc-tables.ts';
import { countAttempt, dropRunEvent, nextRunEvents } from '../store/run-events.ts';

export interface Relay {
  close(): Promise<void>;
}

/**
 * Hands kept run events to lineage in order. An event leaves the store only when lineage has accepted it; one that lineage
 * refuses as malformed is our bug: it is logged and taken out, or nothing behind it would ever arrive.
 */
export function relayRunEvents(deps: {
  readonly database: Database<CdcTables>;
  readonly lineage: ServiceClient;
  readonly clock: Clock;
  readonly log: Log;
}): Relay {
  const { database, lineage, clock, log } = deps;
  const db = database.kysely;
  const stop = new AbortController();

  async function relay(): Promise<number> {
    const events = await nextRunEvents(db, 50);
    for (const { id, event } of events) {
      if (stop.signal.aborted) return 0;
      try {
        await lineage.post('/api/v1/lineage', event);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'EVENT_INVALID') {
          await countAttempt(db, id);
          throw error;
        }
        log.error({ event: 'run_event.refused', id: String(id), err: error });
      }
      await dropRunEvent(db, id);
    }
    return events.length;
  }

  const relaying = (async () => {
    let failures = 0;
    while (!stop.signal.aborted) {
      try {
        const sent = await relay();
        failures = 0;
        if (sent > 0) continue;
      } catch (error) {
        failures++;
        if (failures === 1) log.warn({ event: 'run_event.waiting', err: error });
      }
      await clock
        .sleep(Math.min(10_000, 250 * 2 ** Math.min(failures, 6)), stop.signal)
        .catch(() => undefined);
    }
  })();

  return {
    async close() {
      stop.abort();
      await relaying;
    },
  };
}
