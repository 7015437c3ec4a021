import { streamEnd } from '../links/stream-iterator.ts';
import { createFeed, defaultWindow, type Feed, type FeedWindow } from './feed.ts';
import type { StreamEvent } from './stream-event.ts';

/** One subscriber's way through a channel. */
export interface Reader {
  /** The next item, in the order of the stream. One call at a time. */
  next(): Promise<StreamEvent | typeof streamEnd>;
  /** Where it stands: behind the item that it got last, else where it began. */
  cursor(): string | null;
  /** Ends it, also while `next` waits. */
  close(): void;
}

/**
 * Subscribers who ask for the same stream with the same rights. Each begins on a feed of its own, at its own cursor.
 * When it has read an item whose cursor another feed holds too, both feeds go on alike from there, and it moves over
 * to the one with more readers; a feed without readers closes. So all who keep up share one upstream, and one who falls
 * behind reads on from its last cursor by a feed of its own until it has caught up. Cursors are compared, never read.
 */
export interface Channel {
  /** Begins after a cursor; with null where a new subscription begins. */
  join(start: string | null): Reader;
  /** How many subscribers it has. */
  readonly size: number;
}

export interface ChannelOptions {
  /** Opens the stream upstream. What it yields is complete and it does not throw. */
  readonly open: (after: string | null) => AsyncIterator<StreamEvent, unknown, undefined>;
  /** False for a stream that one cannot go on with from a cursor: each reader keeps a feed of its own. */
  readonly shared: boolean;
  readonly window?: FeedWindow;
  readonly onFeeds?: (change: 1 | -1) => void;
  /** A reader was slower than the window is long; the returned function is told that it caught up, or left. */
  readonly onFallen?: () => () => void;
  /** Such a reader got an event that the others had before. */
  readonly onReplayed?: () => void;
  /** The last reader left. */
  readonly onEmpty?: () => void;
}

/** Creates a channel without subscribers. */
export function createChannel(options: ChannelOptions): Channel {
  const { open, shared, window = defaultWindow, onFeeds, onFallen, onReplayed, onEmpty } = options;
  const feeds = new Set<ReaderFeed>();
  /** Which feeds hold an item with that cursor. */
  const holders = new Map<string, Set<ReaderFeed>>();
  const readers = new Set<ReaderSeat>();
  let made = 0;

  function openFeed(start: string | null): ReaderFeed {
    const feed: ReaderFeed = createFeed({
      id: made++,
      start,
      source: open(start),
      window,
      onItem: ({ cursor }) => {
        if (shared && cursor !== null) hold(feed, cursor);
      },
      onForgotten: (cursor) => {
        const held = holders.get(cursor);
        held?.delete(feed);
        if (held?.size === 0) holders.delete(cursor);
      },
      // Nobody reads: what would wait here, or on the way here, waits in the subgraph's table instead.
      onIdle: () => {
        for (const reader of [...feed.seats]) if (reader.settled) leave(reader);
      },
    });
    feeds.add(feed);
    onFeeds?.(1);
    return feed;
  }

  /** A feed has come to a place that readers of another may have come to before it. */
  function hold(feed: ReaderFeed, cursor: string): void {
    const place = feed.placeAfter(cursor);
    if (place === undefined) return;
    const held = holders.get(cursor);
    if (held === undefined) {
      holders.set(cursor, new Set([feed]));
      return;
    }
    held.add(feed);
    for (const other of [...held]) {
      for (const reader of [...other.seats]) {
        if (reader.last === cursor && prefers(feed, other)) join(reader, feed, place);
      }
    }
  }

  /** Whether to go from one feed to another. A total order, so nobody goes back. */
  function prefers(to: ReaderFeed, from: ReaderFeed): boolean {
    const more = to.seats.size - from.seats.size;
    return to !== from && (more > 0 || (more === 0 && to.id < from.id));
  }

  function preferred(cursor: string, from: ReaderFeed | null): readonly [ReaderFeed, number] | undefined {
    let found: readonly [ReaderFeed, number] | undefined;
    for (const feed of holders.get(cursor) ?? []) {
      const place = feed.placeAfter(cursor);
      if (place === undefined || (from !== null && !prefers(feed, from))) continue;
      if (found === undefined || prefers(feed, found[0])) found = [feed, place];
    }
    return found;
  }

  function move(reader: ReaderSeat, to: ReaderFeed, place: number): void {
    leave(reader);
    reader.feed = to;
    reader.place = place;
    to.sit(reader);
    to.reached(place);
  }

  /** Goes on among the readers of another feed. */
  function join(reader: ReaderSeat, to: ReaderFeed, place: number): void {
    move(reader, to, place);
    caughtUp(reader);
  }

  /** Said by others who stand where it does, or by the stream: nothing lies before it. */
  function caughtUp(reader: ReaderSeat): void {
    reader.caughtUp();
    reader.caughtUp = nothing;
  }

  function leave(reader: ReaderSeat): void {
    const { feed } = reader;
    reader.feed = null;
    feed?.stand(reader);
    if (feed === null || feed.seats.size > 0) return;
    feeds.delete(feed);
    onFeeds?.(-1);
    feed.close();
  }

  /** Finds a feed that goes on, or begins, where the reader does; or opens one. */
  function seat(reader: ReaderSeat): ReaderFeed {
    const after = reader.last ?? reader.start;
    const known = shared && after !== null ? preferred(after, null) : undefined;
    const [feed, place] = known ?? [beginning(after) ?? openFeed(after), 0];
    move(reader, feed, place);
    return feed;
  }

  /** A feed that began at the same place and has told nothing yet. */
  function beginning(after: string | null): ReaderFeed | undefined {
    if (!shared) return undefined;
    for (const feed of feeds) if (feed.start === after && feed.first() === undefined) return feed;
    return undefined;
  }

  function take(reader: ReaderSeat, event: StreamEvent): StreamEvent {
    const { cursor, kind } = event;
    if (cursor === null) return event;
    if (kind === 'heartbeat') caughtUp(reader);
    else if (reader.caughtUp !== nothing && kind === 'event') onReplayed?.();
    reader.first ??= cursor;
    reader.last = cursor;
    reader.settled ||= kind !== 'event' || cursor !== reader.first;
    if (reader.feed !== null && feeds.size > 1) {
      const better = preferred(cursor, reader.feed);
      if (better !== undefined) join(reader, ...better);
    }
    return event;
  }

  async function next(reader: ReaderSeat): Promise<StreamEvent | typeof streamEnd> {
    while (!reader.closed) {
      const feed = reader.feed ?? seat(reader);
      const found = feed.read(reader.place);
      if (found === 'over') break;
      if (found === 'wait') await reader.wait();
      else if (found === 'fallen') {
        const first = reader.last === null && reader.start === null ? feed.first() : undefined;
        leave(reader);
        reader.caughtUp();
        reader.caughtUp = onFallen?.() ?? nothing;
        // It began at no cursor and has none yet: the first item tells where that was.
        if (first !== undefined) return take(reader, first);
      } else {
        reader.place += 1;
        feed.reached(reader.place);
        return take(reader, found);
      }
    }
    close(reader);
    return streamEnd;
  }

  function close(reader: ReaderSeat): void {
    if (reader.closed) return;
    reader.closed = true;
    reader.caughtUp();
    leave(reader);
    readers.delete(reader);
    reader.wake();
    if (readers.size === 0) onEmpty?.();
  }

  return {
    join(start) {
      const reader = createSeat(start);
      readers.add(reader);
      return {
        next: () => next(reader),
        cursor: () => reader.last ?? reader.start,
        close: () => close(reader),
      };
    },
    get size() {
      return readers.size;
    },
  };
}

interface ReaderSeat {
  readonly start: string | null;
  feed: ReaderFeed | null;
  place: number;
  /** Cursors of the items that it got first and last. */
  first: string | null;
  last: string | null;
  /** Whether it can go on from `last`: within a snapshot, that would be to begin anew. */
  settled: boolean;
  closed: boolean;
  wake: () => void;
  caughtUp: () => void;
  wait(): Promise<void>;
}

type ReaderFeed = Feed<ReaderSeat>;

const nothing = (): void => undefined;

function createSeat(start: string | null): ReaderSeat {
  const seat: ReaderSeat = {
    start,
    feed: null,
    place: 0,
    first: null,
    last: null,
    settled: false,
    closed: false,
    wake: nothing,
    caughtUp: nothing,
    wait: () =>
      new Promise((resolve) => {
        seat.wake = () => {
          seat.wake = nothing;
          resolve();
        };
      }),
  };
  return seat;
}
