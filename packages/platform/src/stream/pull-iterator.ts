/** How a pull iterator gets its next items; the signal aborts when the reader leaves. */
export type Pull<T> = (signal: AbortSignal) => Promise<readonly T[]>;

/**
 * An async iterator that asks for more only when its reader does, and holds no more than one answer. `return()` ends
 * it at once, also while a `next()` waits: an async generator would not notice before its next item. It ends with
 * `signal`, with the reader, or with the first error, which the reader gets.
 */
export function createPullIterator<T>(
  pull: Pull<T>,
  { signal, onEnd }: { readonly signal?: AbortSignal; readonly onEnd?: () => void },
): AsyncIterableIterator<T, undefined, undefined> {
  const ending = new AbortController();
  const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
  let items: readonly T[] = [];
  let taken = 0;
  let turn: Promise<unknown> = Promise.resolve();
  // Told of the end. A race against one promise of it would hold on to every item's answer until then.
  const waiting = new Set<(result: IteratorReturnResult<undefined>) => void>();

  const end = (): void => {
    if (ending.signal.aborted) return;
    items = [];
    taken = 0;
    signal?.removeEventListener('abort', end);
    ending.abort();
    for (const resolve of waiting) resolve(done);
    waiting.clear();
    onEnd?.();
  };
  const take = async (): Promise<IteratorResult<T, undefined>> => {
    while (!ending.signal.aborted) {
      if (taken < items.length) {
        const value = items[taken];
        taken += 1;
        if (value !== undefined) return { done: false, value };
        continue;
      }
      try {
        const pulled = await pull(ending.signal);
        if (ending.signal.aborted) break;
        items = pulled;
        taken = 0;
      } catch (error) {
        if (ending.signal.aborted) break;
        throw error;
      }
    }
    return done;
  };

  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  return {
    next() {
      if (ending.signal.aborted) return Promise.resolve(done);
      // One at a time, in the order asked.
      const result = turn.then(take);
      return new Promise((resolve, reject) => {
        const told = (): void => void waiting.delete(resolve);
        waiting.add(resolve);
        result.then(resolve, reject).finally(told);
        // Ends after the reader has its error: ending first would answer `done` in its place.
        turn = result.catch(end);
      });
    },
    return() {
      end();
      return Promise.resolve(done);
    },
    throw(error: unknown) {
      end();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
