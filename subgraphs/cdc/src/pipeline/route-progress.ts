import { formatLsn, type Lsn } from '@spine/kernel/lsn';
import type { Clock } from '@spine/platform/clock';
import type { SourceTransaction } from '../domain/change.ts';
import type { RouteState } from '../domain/route-state.ts';
import type { RouteReport } from '../store/route-status.ts';
import { createLagWindow } from './lag-window.ts';

/** What the stages tell of themselves, and what is reported of it about once a second. */
export interface RouteProgress {
  enter(state: RouteState, reason?: string): void;
  /** The route waits for an answer of policy or ledger; `resume` returns to the state it held in. */
  hold(reason: string): void;
  resume(): void;
  /** Something that does not stop the route and that people should know; null when it is over. */
  caution(reason: string | null): void;
  delivered(transactions: readonly SourceTransaction[], rows: number, checkpoint: Lsn): void;
  checkpointAt(position: Lsn, at: Date): void;
  positions(taken: Lsn, server: Lsn): void;
  report(): RouteReport;
}

/** Progress of one route at one worker. */
export function createRouteProgress(worker: string, clock: Clock): RouteProgress {
  const lag = createLagWindow({ size: 16_384, maxAgeMs: 5 * 60_000 });
  let state: RouteState = 'starting';
  let reason: string | null = null;
  let heldIn: RouteState | null = null;
  let caution: string | null = null;
  let checkpoint: { position: string; at: Date } | null = null;
  let rowsApplied = 0n;
  let behind = 0n;
  let pendingSince: number | null = null;

  return {
    enter(next, why) {
      state = next;
      reason = why ?? null;
      heldIn = null;
    },
    hold(why) {
      heldIn ??= state;
      state = 'held';
      reason = why;
      pendingSince ??= clock.now().getTime();
    },
    resume() {
      if (heldIn === null) return;
      state = heldIn;
      reason = null;
      heldIn = null;
      pendingSince = null;
    },
    caution(why) {
      caution = why;
    },
    delivered(transactions, rows, position) {
      const at = clock.now();
      for (const transaction of transactions) {
        lag.record(at.getTime() - transaction.committedAtMs, at.getTime());
      }
      rowsApplied += BigInt(rows);
      checkpoint = { position: formatLsn(position), at };
      pendingSince = null;
    },
    checkpointAt(position, at) {
      checkpoint = { position: formatLsn(position), at };
    },
    positions(taken, server) {
      behind = server > taken ? server - taken : 0n;
      if (behind > 0n) pendingSince ??= clock.now().getTime();
      else pendingSince = null;
    },
    report() {
      const now = clock.now().getTime();
      const { p50, p95, p99 } = lag.percentiles(now);
      const waiting = pendingSince === null ? 0 : (now - pendingSince) / 1000;
      return {
        state,
        reason: [reason, caution].filter((why) => why !== null).join('; ') || null,
        worker,
        checkpoint,
        rowsApplied,
        lag:
          checkpoint === null
            ? null
            : {
                seconds: Math.max(behind === 0n ? 0 : lag.latest(), waiting),
                p50Seconds: p50,
                p95Seconds: p95,
                p99Seconds: p99,
                bytes: behind,
              },
      };
    },
  };
}
