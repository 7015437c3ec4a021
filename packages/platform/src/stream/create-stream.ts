import { Problem } from '@spine/kernel/problem';
import type { QueryExecutorProvider } from 'kysely';
import type { Log } from '../log/create-log.ts';
import type { ListenHub } from '../postgres/listen-hub.ts';
import { type CursorScope, encodeCursor, type Position, parseCursor } from './cursor.ts';
import type { PinnedSnapshot } from './pinned-snapshot.ts';
import { createPullIterator } from './pull-iterator.ts';
import { findPosition, openStream, readPage, readStart } from './read-page.ts';
import { createSharedPages } from './shared-pages.ts';
import type { StreamEvent, StreamItem } from './stream-item.ts';
import { streamChannel } from './stream-name.ts';
import { createSubscription } from './subscription.ts';
import { createWake } from './wake.ts';

export interface StreamOptions<T> {
  /** Whose schema holds the stream (`streamMigration`). */
  readonly database: { readonly kysely: QueryExecutorProvider; readonly schema: string };
  readonly hub: ListenHub;
  readonly name: string;
  /** Signs cursors; those given under another secret are refused. */
  readonly secret: string;
  readonly log: Pick<Log, 'warn'>;
  /** How long a subscription stays silent at most; 15 s by default. */
  readonly heartbeatMs?: number;
  /** Reads a stored item; by default it is trusted to be what was appended. */
  readonly parse?: (item: unknown) => T;
}

export interface SubscribeOptions<T> {
  /** Goes on behind this cursor. Without it the subscription begins now, or with the snapshot. */
  readonly after?: string | undefined;
  readonly filter?: (value: T) => boolean;
  /** Names the filter: a cursor is good under the same name only. Required in spirit whenever there is a filter. */
  readonly filterKey?: string;
  /**
   * The state to begin with, when there is no `after` or it was taken inside an unfinished snapshot. `pinnedSnapshot`
   * fits the tail exactly; a plain function is read after the position is pinned, so that what changed meanwhile may
   * come again as an event, and nothing is missed.
   */
  readonly snapshot?: PinnedSnapshot<T> | (() => Promise<readonly T[]>);
  readonly signal?: AbortSignal;
}

export interface ReadOptions<T> {
  readonly after?: string | undefined;
  /** How many events to look at, at most 1,000; a filter may leave fewer. */
  readonly first: number;
  readonly filter?: (value: T) => boolean;
  readonly filterKey?: string;
}

export interface StreamPage<T> {
  readonly events: readonly StreamEvent<T>[];
  /** Where to read on, also when no event passed the filter. */
  readonly endCursor: string;
  readonly hasMore: boolean;
}

/** A durable, ordered, resumable stream of events. */
export interface Stream<T> {
  /**
   * Follows the stream: snapshot if asked, then events in commit order, a heartbeat whenever it was silent too long and
   * at once when there is nothing to begin with, a gap wherever something was or may have been missed. Reads ahead no
   * more than one page, whatever the pace of the reader. Throws CURSOR_INVALID or CURSOR_FILTER_MISMATCH.
   */
  subscribe(options?: SubscribeOptions<T>): AsyncIterableIterator<StreamItem<T>>;
  /** One page, from the oldest event on without `after`. CURSOR_EXPIRED, with the `earliest` cursor, where subscribing would announce a gap. */
  read(options: ReadOptions<T>): Promise<StreamPage<T>>;
  /** The cursor behind the event `seq`; CURSOR_EXPIRED if it is not there. */
  cursorAt(seq: bigint, filterKey?: string): Promise<string>;
  /** Ends every subscription. */
  close(): Promise<void>;
}

/** Opens a stream of the service's schema. */
export function createStream<T>(options: StreamOptions<T>): Stream<T> {
  const { database, hub, name, secret, log, parse, heartbeatMs = 15_000 } = options;
  const db = database.kysely;
  const wake = createWake();
  const leaveHub = hub.subscribe(streamChannel(database.schema, name), () => wake.ring());
  const closing = new AbortController();
  const pages = createSharedPages<T>(wake, (after, limit) => readPage(db, name, after, limit, parse));
  let opening: Promise<void> | undefined;
  const opened = (): Promise<void> => {
    opening ??= openStream(db, name).catch((error: unknown) => {
      // The next reader tries again.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const scope = (filterKey = ''): CursorScope => ({ stream: name, filterKey, secret });

  return {
    subscribe({ after, filter, filterKey, snapshot, signal } = {}) {
      const target = after === undefined ? undefined : parseCursor(after, scope(filterKey));
      const pull = createSubscription<T>({
        db,
        stream: name,
        scope: scope(filterKey),
        opened,
        pages,
        wake,
        heartbeatMs,
        log,
        filter: filter ?? (() => true),
        target,
        snapshot,
      });
      const ending = AbortSignal.any(signal === undefined ? [closing.signal] : [closing.signal, signal]);
      return createPullIterator<StreamItem<T>>(pull, { signal: ending });
    },

    async read({ after, first, filter = () => true, filterKey }) {
      await opened();
      const asked = after === undefined ? undefined : parseCursor(after, scope(filterKey));
      const start =
        asked === undefined || asked === 'unfinished-snapshot' ? await readStart(db, name) : asked;
      const page = await readPage(db, name, start, Math.min(Math.max(Math.trunc(first), 1), 1_000), parse);
      if (page.kind === 'gap') throw await expired();
      return {
        events: page.events
          .filter((event) => filter(event.value))
          .map(({ position, at, value }) => ({
            kind: 'event',
            cursor: encodeCursor(position, scope(filterKey)),
            at,
            value,
          })),
        endCursor: encodeCursor(page.events.at(-1)?.position ?? start, scope(filterKey)),
        hasMore: page.full,
      };

      async function expired(): Promise<Problem> {
        const earliest: Position = await readStart(db, name);
        return expiredProblem(encodeCursor(earliest, scope(filterKey)));
      }
    },

    async cursorAt(seq, filterKey) {
      await opened();
      const position = await findPosition(db, name, seq);
      if (position !== undefined) return encodeCursor(position, scope(filterKey));
      throw expiredProblem(encodeCursor(await readStart(db, name), scope(filterKey)));
    },

    async close() {
      closing.abort();
      leaveHub();
    },
  };
}

function expiredProblem(earliest: string): Problem {
  return new Problem('CURSOR_EXPIRED', 'the events behind this cursor are not kept any more', {
    fix: 'read on from the earliest cursor, and rebuild what depends on the events between',
    extensions: { earliest },
  });
}
