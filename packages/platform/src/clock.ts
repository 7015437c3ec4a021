import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument, so that tests decide what time it is. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // The caller's own reason, not Node's AbortError around it.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
