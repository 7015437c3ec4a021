import { createPullIterator } from '@spine/platform/stream/pull-iterator';

/** An event and the cursor after it. */
export interface LoggedEvent<T> {
  readonly cursor: string;
  readonly value: T;
}

/** A durable stream in memory, for tests: it outlives the service that serves it, and knows who reads it. */
export interface EventLog<T> {
  append(value: T): void;
  /** From after a cursor, else from now. Throws for a cursor that it did not give. */
  subscribe(after: string | null): AsyncIterableIterator<LoggedEvent<T>>;
  /** Events so far; the cursor after the last is this number behind a `c`. */
  readonly size: number;
  /** Readers at this moment. */
  readonly open: number;
  /** Readers there ever were, with the cursor each began after. */
  readonly begun: readonly (string | null)[];
}

/** Creates an empty log. */
export function createEventLog<T>(): EventLog<T> {
  const events: T[] = [];
  const begun: (string | null)[] = [];
  let wakers: (() => void)[] = [];
  let open = 0;
  return {
    append(value) {
      events.push(value);
      const waking = wakers;
      wakers = [];
      for (const wake of waking) wake();
    },
    subscribe(after) {
      if (after !== null && !/^c\d+$/.test(after)) throw new Error('not a cursor of this log');
      begun.push(after);
      open += 1;
      let position = after === null ? events.length : Number(after.slice(1));
      return createPullIterator<LoggedEvent<T>>(
        async (signal) => {
          while (position >= events.length && !signal.aborted) {
            await new Promise<void>((resolve) => wakers.push(resolve));
          }
          const value = events[position];
          if (value === undefined) return [];
          position += 1;
          return [{ cursor: `c${position}`, value }];
        },
        {
          onEnd: () => {
            open -= 1;
          },
        },
      );
    },
    get size() {
      return events.length;
    },
    get open() {
      return open;
    },
    begun,
  };
}
