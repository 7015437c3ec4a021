import type { Log } from '../log/create-log.ts';

/** Drains once on SIGINT or SIGTERM, then exits; a second signal exits at once. */
export function drainOnSignal(close: () => Promise<void>, log: Log): void {
  let draining = false;
  const drain = (signal: NodeJS.Signals) => {
    if (draining) process.exit(1);
    draining = true;
    log.info({ event: 'process.draining', signal });
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ event: 'process.not_drained', err: error });
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', drain);
  process.on('SIGTERM', drain);
}
