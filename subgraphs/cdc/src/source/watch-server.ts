import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import { sqlStateOf } from './server-error.ts';
import type { Query } from './source-session.ts';

const lookMs = 1_000;

export interface WatchServerInput {
  readonly query: Query;
  readonly route: string;
  /** 0: no heartbeats. */
  readonly heartbeatMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly onPosition: (position: Lsn) => void;
  readonly onFault: ((error: unknown) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks the server for its position, so that lag in bytes shows also what the stream has not told of, and writes a heartbeat
 * into its WAL now and then: that passes the whole way and moves an idle slot. A fault is reported once and never ends the
 * route: the stream itself says when the source is gone. Returns when the signal aborts.
 */
export async function watchServer(input: WatchServerInput): Promise<void> {
  const { clock, log, signal, route, heartbeatMs } = input;
  let beatAt = clock.now().getTime();
  let failing = false;
  while (!signal.aborted) {
    const now = clock.now().getTime();
    const beat = heartbeatMs > 0 && now - beatAt >= heartbeatMs;
    if (beat) beatAt = now;
    try {
      const [row] = await input.query<{ position: string }>(beat ? beatStatement : lookStatement);
      if (row !== undefined) input.onPosition(parseLsn(row.position));
      failing = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!failing) log.warn({ event: 'heartbeat.failed', route, sqlState: sqlStateOf(error) });
      failing = true;
      input.onFault?.(error);
    }
    // An abort ends the wait, and then the loop.
    await clock
      .sleep(heartbeatMs > 0 ? Math.min(lookMs, heartbeatMs) : lookMs, signal)
      .catch(() => undefined);
  }
}

const beatStatement = `select pg_logical_emit_message(false, 'spine', '')::text as position`;
const lookStatement = 'select pg_current_wal_flush_lsn()::text as position';
