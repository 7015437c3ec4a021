import { setTimeout as wait } from 'node:timers/promises';

/** Time as an argument, so that tests own it. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`; rejects with AbortError as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
};
