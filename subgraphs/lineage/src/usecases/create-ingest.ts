import { isTransientError } from '@spine/platform/postgres/is-transient-error';
import { retry } from '@spine/platform/retry';
import type { Kysely } from 'kysely';
import type { LineageEvent } from '../domain/lineage-event.ts';
import type { LineageTables } from '../store/lineage-tables.ts';
import { createGroupCommit } from './group-commit.ts';
import { ingestEvents } from './ingest-events.ts';

/** Takes events in. */
export interface Ingest {
  /**
   * Resolves when the event is durable and in the graph, also when it already was. SERVICE_UNAVAILABLE when too many wait;
   * a database that is away rises as it is. Send it again then: an event that did arrive is known by its content.
   */
  ingest(event: LineageEvent): Promise<void>;
  /** Events that wait to be written. */
  waiting(): number;
  /** Refuses new events and waits for those taken. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;

/** Writes the events of concurrent requests together. `onGroup` hears of each commit: events in it, and how many were new. */
export function createIngest(deps: {
  readonly db: Kysely<LineageTables>;
  readonly onGroup?: (events: number, added: number) => void;
  /** Events that may wait; 5,000 by default. */
  readonly maxWaiting?: number;
}): Ingest {
  const { db, onGroup = () => undefined } = deps;
  const commit = createGroupCommit<LineageEvent>({
    async write(events) {
      const added = await retry(() => ingestEvents(db, events), {
        attempts: 3,
        baseMs: 50,
        maxMs: 500,
        isTransient: isTransientError,
      });
      onGroup(events.length, added.size);
    },
    // The body, and about as much again for what was read out of it.
    sizeOf: ({ body }) => 2 * body.length,
    writers: 2,
    maxGroup: 500,
    maxGroupBytes: 16 * mebibyte,
    maxWaiting: deps.maxWaiting ?? 5_000,
    maxWaitingBytes: 128 * mebibyte,
    isTransient: isTransientError,
  });
  return {
    ingest: (event) => commit.submit(event),
    waiting: () => commit.waiting(),
    close: () => commit.close(),
  };
}
