import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';

/** Told when a client's stream opens; the answer is told of each event, and once of the end. */
export type StreamCounter = (transport: 'websocket' | 'sse') => {
  readonly sent: () => void;
  readonly closed: () => void;
};

/** The same stream, counted. */
export function countedStream<T extends object>(
  source: AsyncIterator<T, unknown, undefined>,
  { sent, closed }: ReturnType<StreamCounter>,
): AsyncIterableIterator<T, undefined, undefined> {
  return createStreamIterator<T>(
    async () => {
      const result = await source.next();
      if (result.done === true) return streamEnd;
      sent();
      return result.value;
    },
    {
      signal: new AbortController().signal,
      onEnd: () => {
        closed();
        source.return?.().catch(() => undefined);
      },
    },
  );
}
