import type { Clock } from '@spine/platform/clock';
import { acquireLease, type Lease, releaseLease } from '@spine/platform/lease/lease';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../store/cdc-tables.ts';
import type { Scanner } from '../usecases/scan-endpoints.ts';

/** A scan takes at most some 20 s; its lease outlives the time to the next. */
const scanMs = 20_000;

export interface Scanning {
  /** Scans soon: a source or sink was registered, and first contact should come before anything is made there. */
  nudge(): void;
  close(): Promise<void>;
}

/** Scans every source and sink by the clock, in one process of the installation at a time. */
export function keepScanning(deps: {
  readonly id: string;
  readonly scanner: Scanner;
  readonly database: Database<CdcTables>;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
}): Scanning {
  const { clock, log, everyMs } = deps;
  const db = deps.database.kysely;
  const closing = new AbortController();
  let waking = new AbortController();
  let lease: Lease | null = null;

  const scanning = (async () => {
    while (!closing.signal.aborted) {
      waking = new AbortController();
      try {
        lease = await acquireLease(db, { name: 'scanner', holder: deps.id, ttlMs: everyMs + scanMs });
        if (lease !== null) await deps.scanner.scan();
      } catch (error) {
        log.warn({ event: 'scan.failed', err: error });
      }
      await clock.sleep(everyMs, AbortSignal.any([closing.signal, waking.signal])).catch(() => undefined);
    }
    if (lease !== null) {
      await releaseLease(db, lease).catch((error: unknown) =>
        log.warn({ event: 'lease.not_released', err: error }),
      );
    }
  })();

  return {
    nudge: () => waking.abort(),
    async close() {
      closing.abort();
      await scanning;
    },
  };
}
