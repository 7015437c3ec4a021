/** An iterator over the states of one thing: whoever reads slowly gets the newest, and misses what it replaced. */
export interface Latest<T> extends AsyncIterableIterator<T> {
  put(value: T): void;
  /** What was put last is still yielded. */
  end(): void;
  fail(error: unknown): void;
}

// The page rewrites its answer for each state: not more often than an eye can follow.
const leastMs = 40;

/** Written by hand: an async generator that waits would not hear of `return()` before the next value. */
export function createLatest<T>(onReturn: () => void): Latest<T> {
  let waiting: { readonly value: T } | null = null;
  let over: { readonly error?: unknown } | null = null;
  let wake = (): void => undefined;
  let yieldedAt = Number.NEGATIVE_INFINITY;

  async function next(): Promise<IteratorResult<T>> {
    if (waiting === null && over === null) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const early = leastMs - (performance.now() - yieldedAt);
    if (early > 0 && over === null) await new Promise((resolve) => setTimeout(resolve, early));
    if (waiting !== null) {
      const { value } = waiting;
      waiting = null;
      yieldedAt = performance.now();
      return { done: false, value };
    }
    if (over !== null && 'error' in over) throw over.error;
    return { done: true, value: undefined };
  }

  const finish = (how: { readonly error?: unknown }): void => {
    over ??= how;
    wake();
  };
  return {
    put(value) {
      if (over !== null) return;
      waiting = { value };
      wake();
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    next,
    async return() {
      waiting = null;
      finish({});
      onReturn();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
