import { constants } from 'node:os';
import type { Log } from '../log/create-log.ts';

/** The part of `process` that draining needs. */
export interface SignalledProcess {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): unknown;
}

/**
 * Ends this process decently: the first SIGINT or SIGTERM runs `close` and exits with 0 (1 if it failed), a second one
 * exits at once with 128 + signal.
 */
export function drainOnSignal(
  close: () => Promise<unknown>,
  log: Pick<Log, 'info' | 'error'>,
  target: SignalledProcess = process,
): void {
  let draining = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    target.on(signal, () => {
      if (draining) {
        target.exit(128 + constants.signals[signal]);
        return;
      }
      draining = true;
      log.info({ event: 'process.draining', signal });
      Promise.resolve()
        .then(close)
        .then(
          () => {
            log.info({ event: 'process.drained' });
            target.exit(0);
          },
          (error: unknown) => {
            log.error({ event: 'process.drain_failed', err: error });
            target.exit(1);
          },
        );
    });
  }
}
