import type { Log } from '@spine/platform/log/create-log';
import type { Executor } from '../execution/create-executor.ts';
import type { Subscriber } from '../subscriptions/create-subscriber.ts';
import { createUsageCounter } from './usage-counter.ts';
import { dayOf, type UsageStore } from './usage-store.ts';

export interface RecordUsageDeps {
  readonly store: UsageStore;
  readonly log: Pick<Log, 'warn'>;
  readonly now?: () => Date;
  readonly everyMs?: number;
}

/** Counts what runs, and stores the counts every minute and at the end. */
export interface UsageRecorder {
  execute(inner: Executor): Executor;
  /** A subscription counts once, when it begins. */
  subscribe(inner: Subscriber): Subscriber;
  /** Stores what was counted so far; what cannot be stored waits for the next time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const daysKept = 90;

/** Creates the recorder. It never fails a request, and never waits for the store while one runs. */
export function recordUsage(deps: RecordUsageDeps): UsageRecorder {
  const { store, log, now = () => new Date(), everyMs = 60_000 } = deps;
  const counter = createUsageCounter();
  let cutOn = '';
  let flushing: Promise<void> = Promise.resolve();

  async function storeCounts(): Promise<void> {
    const counts = counter.take();
    const today = dayOf(now());
    try {
      if (counts.length > 0) await store.add(today, counts);
    } catch (error) {
      counter.putBack(counts);
      log.warn({ event: 'usage.not_stored', counts: counts.length, err: error });
      return;
    }
    if (cutOn === today) return;
    cutOn = today;
    await store.cut(dayOf(now(), daysKept)).catch((error: unknown) => {
      log.warn({ event: 'usage.not_cut', err: error });
    });
  }

  // One after the other: a store that is slow is not asked twice at once.
  const flush = (): Promise<void> => {
    flushing = flushing.then(storeCounts);
    return flushing;
  };
  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();

  return {
    execute: (inner) => (operation, context) => {
      counter.count(operation, context.principal.id);
      return inner(operation, context);
    },
    subscribe: (inner) => (operation, context, options) => {
      counter.count(operation, context.principal.id);
      return inner(operation, context, options);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
