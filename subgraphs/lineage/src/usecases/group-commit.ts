import { Problem } from '@spine/kernel/problem';

export interface GroupCommitOptions<T> {
  /** Writes a group durably, or throws and has written nothing of it. */
  readonly write: (items: readonly T[]) => Promise<void>;
  /** Memory that an item holds while it waits. */
  readonly sizeOf: (item: T) => number;
  /** Groups written at the same time. */
  readonly writers: number;
  readonly maxGroup: number;
  readonly maxGroupBytes: number;
  /** What may wait; beyond it items are refused with SERVICE_UNAVAILABLE. */
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** Whether a failure says nothing of the items: a lost connection, a full server. */
  readonly isTransient: (error: unknown) => boolean;
}

/** Joins what concurrent callers want written into one transaction. */
export interface GroupCommit<T> {
  /** Resolves when the item is durable. */
  submit(item: T): Promise<void>;
  /** Items that wait to be written. */
  waiting(): number;
  /** Refuses new items and waits for those it has. */
  close(): Promise<void>;
}

interface Waiting<T> {
  readonly item: T;
  readonly size: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Groups form by themselves: while the writers are busy, items gather; a free writer takes what is there at once. One caller
 * alone waits for nobody, a thousand share a commit.
 */
export function createGroupCommit<T>(options: GroupCommitOptions<T>): GroupCommit<T> {
  const { write, sizeOf, writers, maxGroup, maxGroupBytes, maxWaiting, maxWaitingBytes } = options;
  const queue: Waiting<T>[] = [];
  const running = new Set<Promise<void>>();
  let bytes = 0;
  let closed = false;

  function take(): Waiting<T>[] {
    let size = 0;
    let count = 0;
    for (const next of queue) {
      if (count === maxGroup || (count > 0 && size + next.size > maxGroupBytes)) break;
      size += next.size;
      count += 1;
    }
    bytes -= size;
    return queue.splice(0, count);
  }

  function start(): void {
    while (running.size < writers && queue.length > 0) {
      const group = take();
      const work = settle(group).finally(() => {
        running.delete(work);
        start();
      });
      running.add(work);
    }
  }

  async function settle(group: readonly Waiting<T>[]): Promise<void> {
    try {
      await write(group.map(({ item }) => item));
      for (const { done } of group) done();
    } catch (error) {
      if (group.length === 1 || options.isTransient(error)) {
        for (const { failed } of group) failed(error);
        return;
      }
      // One of them may be at fault: alone, it fails alone.
      for (const one of group) await settle([one]);
    }
  }

  return {
    submit(item) {
      const size = sizeOf(item);
      if (closed || queue.length >= maxWaiting || (queue.length > 0 && bytes + size > maxWaitingBytes)) {
        return Promise.reject(
          new Problem(
            'SERVICE_UNAVAILABLE',
            closed ? 'the service is stopping' : 'too many events are waiting',
            {
              fix: 'send it again after Retry-After',
            },
          ),
        );
      }
      return new Promise((done, failed) => {
        queue.push({ item, size, done, failed });
        bytes += size;
        start();
      });
    },
    waiting: () => queue.length,
    async close() {
      closed = true;
      while (running.size > 0) await Promise.all(running);
    },
  };
}
