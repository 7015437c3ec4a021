import { clockToleranceMs, expired } from '../auth/expiry.ts';

/** Longer than a timer of Node can wait; what lies behind is waited for in steps. */
const longestWaitMs = 2_147_483_647;

/**
 * The stream until the proof of who listens has ended: then it fails with UNAUTHENTICATED, also while it waits. Its
 * source must hear `return()` while it waits, as those of `mapStream` do.
 */
export function endAtExpiry<T>(
  source: AsyncIterator<T, unknown, undefined>,
  expiresAt: Date,
  now: () => Date,
): AsyncIterableIterator<T, undefined, undefined> {
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    clearTimeout(timer);
    await source.return?.();
    return { done: true, value: undefined };
  };
  const wait = (): void => {
    const left = expiresAt.getTime() + clockToleranceMs - now().getTime();
    if (left > 0) {
      timer = setTimeout(wait, Math.min(left, longestWaitMs));
      return;
    }
    over = true;
    // A source that fails to end fails its reader too, who is told that the time is over.
    end().catch(() => undefined);
  };
  wait();

  return {
    async next() {
      try {
        const result = await source.next();
        if (over) throw expired();
        if (result.done !== true) return result;
        return await end();
      } catch (error) {
        clearTimeout(timer);
        throw over ? expired() : error;
      }
    },
    return: end,
    async throw(error: unknown) {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
