import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import { SubgraphLost } from '../links/subgraph-lost.ts';

/** A durable stream in memory whose readers break, wait and skip at a seed's will. Every third event is filtered out. */
export interface FlakyLog {
  publish(count: number): void;
  /** Publishes until one that passes the filter; its number. */
  publishFinal(): number;
  /** Every stream at the end says so. */
  beat(): void;
  /** Every open stream breaks at its next step. */
  break(): void;
  size(): number;
  /** Numbers of the events that pass the filter, behind one position and up to another. */
  between(after: number, last: number): readonly number[];
  /** A stream behind a cursor, or from now on; its first item then says where that is. */
  open(after: string | null, signal: AbortSignal): AsyncIterableIterator<SubgraphResult>;
  /** Streams open now. */
  opened(): number;
}

const snapshotCursor = 'snapshot';
const passes = (n: number): boolean => n % 3 !== 0;

/**
 * Creates an empty log. With a snapshot, who comes without a cursor is first told so many items that share the cursor
 * `snapshot`, and so is who comes with that.
 */
export function createFlakyLog(seed: number, snapshot = 0): FlakyLog {
  let size = 0;
  let beats = 0;
  let breaks = 0;
  let opened = 0;
  let wakers: (() => void)[] = [];
  const random = createRandom(seed);
  const wake = (): void => {
    const waking = wakers;
    wakers = [];
    for (const each of waking) each();
  };
  const item = (typename: string, n: number, cursor = `c${n}`): SubgraphResult => ({
    data: { items: { __typename: typename, _spineItem: typename, _spineCursor: cursor, n } },
  });

  return {
    publish(count) {
      size += count;
      wake();
    },
    publishFinal() {
      do size += 1;
      while (!passes(size));
      wake();
      return size;
    },
    beat() {
      beats += 1;
      wake();
    },
    break() {
      breaks += 1;
      wake();
    },
    size: () => size,
    between: (after, last) =>
      Array.from({ length: Math.max(last - after, 0) }, (_, n) => after + n + 1).filter(passes),
    opened: () => opened,
    open(after, signal) {
      opened += 1;
      const broken = breaks;
      const fresh = after === null || after === snapshotCursor;
      let position = fresh ? size : Number(after.slice(1));
      let told = fresh ? -1 : beats;
      let shown = fresh ? 0 : snapshot;
      return createStreamIterator<SubgraphResult>(
        async (ending) => {
          for (let turns = random(4); turns > 0; turns -= 1) await Promise.resolve();
          if (random(4) === 0) await new Promise((resolve) => setImmediate(resolve));
          while (!ending.aborted) {
            if (broken !== breaks) throw new SubgraphLost('log', new Error('broken'));
            if (shown < snapshot) {
              shown += 1;
              return item('Changed', shown, snapshotCursor);
            }
            if (position < size && !(fresh && told < beats)) {
              position += 1;
              if (passes(position)) return item('Changed', position);
            } else if (told < beats) {
              const began = fresh && told < 0;
              told = beats;
              return item(began && snapshot > 0 ? 'SnapshotComplete' : 'StreamHeartbeat', position);
            } else await new Promise<void>((resolve) => wakers.push(resolve));
          }
          return streamEnd;
        },
        {
          signal,
          onEnd: () => {
            opened -= 1;
            wake();
          },
        },
      );
    },
  };
}

/** Numbers below a bound, the same for the same seed. */
function createRandom(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
