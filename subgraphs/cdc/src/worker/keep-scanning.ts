import type { Clock } from '@spine/platform/clock';
import { acquireLease, releaseLease } from '@spine/platform/lease/lease';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../store/cdc-tables.ts';
import { listScans } from '../store/scans.ts';
import type { Scanner } from '../usecases/scan-endpoints.ts';

/** A scan is over in less, whatever hangs; one whose process died is another's after this. */
const leaseTtlMs = 30_000;
/** Between two looks at the time, so that the end of another's scan is noticed. */
const restMs = 1_000;

export interface Scanning {
  /** Scans soon: a source or sink was registered, and first contact should come before anything is made there. */
  nudge(): void;
  close(): Promise<void>;
}

/** Scans every source and sink by the clock: each process looks whether it is time, and one of them scans. */
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
  let nudged = false;
  let waking = new AbortController();

  async function dueInMs(): Promise<number> {
    const [last] = await listScans(db, { before: null, limit: 1 });
    return last === undefined ? 0 : last.startedAt.getTime() + everyMs - clock.now().getTime();
  }

  async function scanIfDue(asked: boolean): Promise<void> {
    if (!asked && (await dueInMs()) > 0) return;
    const lease = await acquireLease(db, { name: 'scanner', holder: deps.id, ttlMs: leaseTtlMs });
    if (lease === null) return;
    try {
      // Another may have scanned while we took the lease.
      if (asked || (await dueInMs()) <= 0) await deps.scanner.scan();
    } finally {
      await releaseLease(db, lease);
    }
  }

  const scanning = (async () => {
    while (!closing.signal.aborted) {
      waking = new AbortController();
      const asked = nudged;
      nudged = false;
      let waitMs = everyMs;
      try {
        await scanIfDue(asked);
        waitMs = Math.min(everyMs, Math.max(restMs, await dueInMs()));
      } catch (error) {
        log.warn({ event: 'scan.failed', err: error });
      }
      const woken = AbortSignal.any([closing.signal, waking.signal]);
      await clock.sleep(nudged ? 0 : waitMs, woken).catch(() => undefined);
    }
  })();

  return {
    nudge() {
      nudged = true;
      waking.abort();
    },
    async close() {
      closing.abort();
      await scanning;
    },
  };
}
