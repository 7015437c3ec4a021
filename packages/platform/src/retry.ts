import { type Clock, systemClock } from './clock.ts';

export interface RetryOptions {
  /** How often `fn` is called at most, the first time included. */
  readonly attempts: number;
  /** The longest first pause; it doubles with each attempt. */
  readonly baseMs: number;
  readonly maxMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Which errors another attempt may cure; every other is thrown at once. */
  readonly isTransient: (error: unknown) => boolean;
  readonly clock?: Pick<Clock, 'sleep'>;
  readonly random?: () => number;
}

/**
 * Calls `fn` until it succeeds, fails for good, or was called `attempts` times; then its last error is thrown as it was.
 * Pauses are drawn between half and all of a doubling bound, so that callers who failed together do not come back together.
 */
export async function retry<T>(fn: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, baseMs, maxMs, signal, isTransient, clock = systemClock, random = Math.random } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await fn(attempt);
    } catch (error) {
      if (attempt >= attempts || signal?.aborted || !isTransient(error)) throw error;
    }
    const bound = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
    await clock.sleep(bound * (0.5 + random() / 2), signal);
  }
}
