import { invariant } from '@spine/kernel/invariant';
import type { Lsn } from '@spine/kernel/lsn';
import type { SourceTransaction } from '../domain/change.ts';
import type { SourceTake, TakeLimits } from './change-source.ts';

export interface QueueCaps {
  readonly maxChanges: number;
  readonly maxBytes: number;
}

/** Whole transactions between the socket and whoever takes them. */
export interface TransactionQueue {
  push(transaction: SourceTransaction): void;
  /** Everything that ends at or before this position has been pushed. */
  reach(position: Lsn): void;
  /** The stream is over: what is queued may still be taken, then every take rejects with this. The first failure counts. */
  fail(error: unknown): void;
  take(limits: TakeLimits, signal: AbortSignal): Promise<SourceTake>;
  /**
   * Whether reading should pause. It is full only by transactions that can be taken: one that is still open never counts, so
   * a paused socket can never hold back the commit that would make room.
   */
  full(): boolean;
}

/** `onRoom` is called when a full queue has been taken down to half its caps. */
export function createTransactionQueue(from: Lsn, caps: QueueCaps, onRoom: () => void): TransactionQueue {
  let queued: SourceTransaction[] = [];
  let changes = 0;
  let bytes = 0;
  let reached = from;
  let position = from;
  let failure: { readonly error: unknown } | null = null;
  let full = false;
  let wake: (() => void) | null = null;

  function takeNow(limits: TakeLimits): readonly SourceTransaction[] {
    const { until } = limits;
    let count = 0;
    let takenChanges = 0;
    let takenBytes = 0;
    for (const transaction of queued) {
      if (until !== undefined && transaction.endLsn > until) break;
      takenChanges += transaction.changes.length;
      takenBytes += transaction.bytes;
      if (count > 0 && (takenChanges > limits.maxChanges || takenBytes > limits.maxBytes)) break;
      count += 1;
    }
    if (count === 0) return [];
    const taken = queued.slice(0, count);
    queued = queued.slice(count);
    for (const transaction of taken) {
      changes -= transaction.changes.length;
      bytes -= transaction.bytes;
    }
    return taken;
  }

  function positionAfter(taken: readonly SourceTransaction[], until: Lsn | undefined): Lsn {
    const [next] = queued;
    const last = taken.at(-1)?.endLsn ?? position;
    if (next === undefined) return later(reached, last);
    // What comes next ends beyond `until`: up to there nothing is left.
    return until !== undefined && next.endLsn > until ? later(until, last) : last;
  }

  /** Whether a take with this bound has something to say at once. */
  function ready(until: Lsn | undefined): boolean {
    const [next] = queued;
    if (next !== undefined) return true;
    return until !== undefined && reached >= until;
  }

  async function settle(waitMs: number, until: Lsn | undefined, signal: AbortSignal): Promise<void> {
    invariant(wake === null, 'one take at a time');
    let done = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      done = () => resolve();
    });
    const timer = setTimeout(done, waitMs);
    signal.addEventListener('abort', done, { once: true });
    wake = () => {
      if (failure !== null || ready(until)) done();
    };
    try {
      await woken;
    } finally {
      wake = null;
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
    }
  }

  return {
    push(transaction) {
      queued.push(transaction);
      changes += transaction.changes.length;
      bytes += transaction.bytes;
      full = full || changes >= caps.maxChanges || bytes >= caps.maxBytes;
      wake?.();
    },
    reach(to) {
      reached = later(reached, to);
      wake?.();
    },
    fail(error) {
      failure ??= { error };
      wake?.();
    },
    full: () => full,
    async take(limits, signal) {
      signal.throwIfAborted();
      if (!ready(limits.until) && failure === null && limits.waitMs > 0) {
        await settle(limits.waitMs, limits.until, signal);
        signal.throwIfAborted();
      }
      if (!ready(limits.until) && failure !== null) throw failure.error;
      const transactions = takeNow(limits);
      position = later(position, positionAfter(transactions, limits.until));
      if (full && changes <= caps.maxChanges / 2 && bytes <= caps.maxBytes / 2) {
        full = false;
        onRoom();
      }
      return { transactions, position };
    },
  };
}

function later(one: Lsn, other: Lsn): Lsn {
  return one > other ? one : other;
}
