import { EventEmitter, once } from 'node:events';

/** Numbered events that streams read from any number on: a durable table in miniature. */
export interface EventFeed {
  publish(howMany: number): void;
  open(after: string | null): AsyncIterableIterator<number>;
  /** Streams that are open now. */
  readonly streams: number;
}

/** Creates an empty feed. */
export function createEventFeed(): EventFeed {
  const grown = new EventEmitter().setMaxListeners(0);
  let last = 0;
  let streams = 0;
  return {
    publish(howMany) {
      last += howMany;
      grown.emit('more');
    },
    open(after) {
      let next = (after === null ? last : Number(after)) + 1;
      const left = new AbortController();
      streams += 1;
      const stream: AsyncIterableIterator<number> = {
        [Symbol.asyncIterator]: () => stream,
        async next() {
          while (next > last && !left.signal.aborted) {
            await once(grown, 'more', { signal: left.signal }).catch(() => undefined);
          }
          if (left.signal.aborted) return { done: true, value: undefined };
          return { done: false, value: next++ };
        },
        async return() {
          if (!left.signal.aborted) streams -= 1;
          left.abort();
          return { done: true, value: undefined };
        },
      };
      return stream;
    },
    get streams() {
      return streams;
    },
  };
}
