import type { StreamEvent } from './stream-event.ts';

/** Where a reader stands in a feed. It is told when there is more. */
export interface Seat {
  /** Number of the item it reads next. */
  readonly place: number;
  readonly wake: () => void;
}

/**
 * One stream from a subgraph and its latest items, for any number of readers at their own places. It goes no further
 * than a little ahead of its foremost reader, so readers who are all slow hold it back; one that is slower than others
 * falls out of the window at its far end, and knows.
 */
export interface Feed<S extends Seat> {
  /** Rises with every feed. */
  readonly id: number;
  /** The cursor that it was opened after. */
  readonly start: string | null;
  readonly seats: ReadonlySet<S>;
  /** The very first item. */
  first(): StreamEvent | undefined;
  /** Number of the item that comes next. */
  end(): number;
  /** What a reader at that place gets; `fallen` when it has left the window, `over` behind the last item. */
  read(place: number): StreamEvent | 'fallen' | 'wait' | 'over';
  /** The place behind the item with that cursor, while it is in the newer half of the window. */
  placeAfter(cursor: string): number | undefined;
  sit(seat: S): void;
  stand(seat: S): void;
  /** A reader has come as far as that place. */
  reached(place: number): void;
  close(): void;
}

export interface FeedOptions {
  readonly id: number;
  readonly start: string | null;
  /** Does not throw: what fails is an item of kind refusal, and the end. */
  readonly source: AsyncIterator<StreamEvent, unknown, undefined>;
  readonly window: FeedWindow;
  /** Told of each item, before the readers are. */
  readonly onItem: (event: StreamEvent, place: number) => void;
  /** Told of each item with a place in `placeAfter` that leaves it. */
  readonly onForgotten: (cursor: string) => void;
  /** Nobody has read for a while. */
  readonly onIdle: () => void;
}

export interface FeedWindow {
  readonly items: number;
  readonly characters: number;
  /** How far to read ahead of the foremost reader. */
  readonly ahead: number;
  /** How long to wait for a reader before the feed is idle. */
  readonly idleMs: number;
}

/** A busy stream's last seconds, and little enough for each slow reader to have a feed of its own. */
export const defaultWindow: FeedWindow = { items: 256, characters: 500_000, ahead: 16, idleMs: 2_000 };

/** Opens a feed; it reads as soon as it is sat at. */
export function createFeed<S extends Seat>(options: FeedOptions): Feed<S> {
  const { source, window, onItem, onForgotten, onIdle } = options;
  const items: StreamEvent[] = [];
  const places = new Map<string, number>();
  const seats = new Set<S>();
  let first: StreamEvent | undefined;
  let base = 0;
  let characters = 0;
  let foremost = 0;
  let over = false;
  let closed = false;
  let settled = false;
  let running = false;
  let demand = (): void => undefined;
  const end = (): number => base + items.length;

  async function run(): Promise<void> {
    while (!closed) {
      if (end() - foremost >= window.ahead) {
        await demanded();
        continue;
      }
      const { done, value } = await source.next();
      if (closed) return;
      if (done === true) break;
      push(value);
    }
    finish();
  }

  function finish(): void {
    over = true;
    wakeAll();
  }

  async function demanded(): Promise<void> {
    await new Promise<void>((resolve) => {
      const idle = setTimeout(() => onIdle(), window.idleMs);
      demand = () => {
        clearTimeout(idle);
        demand = () => undefined;
        resolve();
      };
    });
  }

  function push(event: StreamEvent): void {
    first ??= event;
    items.push(event);
    characters += event.text.length;
    // The items of a snapshot share a cursor, from which one begins anew: no place to go on from.
    settled ||= event.kind !== 'event' || event.cursor !== first.cursor;
    if (settled && event.cursor !== null) places.set(event.cursor, end());
    while (items.length > window.items || (characters > window.characters && items.length > window.ahead)) {
      forgetOldest();
    }
    onItem(event, end());
    wakeAll();
  }

  function forgetOldest(): void {
    const oldest = items.shift();
    base += 1;
    if (oldest === undefined) return;
    characters -= oldest.text.length;
    if (oldest.cursor !== null && places.get(oldest.cursor) === base) {
      places.delete(oldest.cursor);
      onForgotten(oldest.cursor);
    }
  }

  function wakeAll(): void {
    for (const { wake } of seats) wake();
  }

  return {
    id: options.id,
    start: options.start,
    seats,
    first: () => first,
    end,
    read: (place) => (place < base ? 'fallen' : (items[place - base] ?? (over ? 'over' : 'wait'))),
    placeAfter(cursor) {
      const place = places.get(cursor);
      return place !== undefined && !over && end() - place <= window.items / 2 ? place : undefined;
    },
    sit(seat) {
      seats.add(seat);
      if (running) return;
      running = true;
      run().catch(finish);
    },
    stand: (seat) => void seats.delete(seat),
    reached(place) {
      if (place <= foremost) return;
      foremost = place;
      demand();
    },
    close() {
      if (closed) return;
      closed = true;
      for (const cursor of places.keys()) onForgotten(cursor);
      demand();
      source.return?.().catch(() => undefined);
    },
  };
}
