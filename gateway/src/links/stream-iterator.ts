import { createPullIterator } from '@spine/platform/stream/pull-iterator';

/** What a source answers when nothing more will come. */
export const streamEnd = Symbol('end of stream');

/**
 * A platform pull iterator over one item at a time that may also end by itself. `onEnd` runs once, whoever ended it:
 * the source, the reader (also while a `next()` waits), an error or the signal.
 */
export function createStreamIterator<T extends object>(
  next: (signal: AbortSignal) => Promise<T | typeof streamEnd>,
  { signal, onEnd }: { readonly signal: AbortSignal; readonly onEnd: () => void },
): AsyncIterableIterator<T, undefined, undefined> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return createPullIterator<T>(
    async (ending) => {
      const item = await next(ending);
      if (item !== streamEnd) return [item];
      stop();
      return [];
    },
    {
      signal: over.signal,
      onEnd: () => {
        signal.removeEventListener('abort', stop);
        onEnd();
      },
    },
  );
}
