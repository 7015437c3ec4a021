import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryExecutorProvider } from 'kysely';
import type { Log } from '../log/create-log.ts';
import { isTransientError } from '../postgres/is-transient-error.ts';
import { type CursorScope, type CursorTarget, encodeCursor, type Position } from './cursor.ts';
import type { PinnedSnapshot } from './pinned-snapshot.ts';
import type { Pull } from './pull-iterator.ts';
import { type Page, readHead } from './read-page.ts';
import type { SharedPages } from './shared-pages.ts';
import type { StreamItem } from './stream-item.ts';
import type { Wake } from './wake.ts';

export interface SubscriptionOptions<T> {
  readonly db: QueryExecutorProvider;
  readonly stream: string;
  readonly scope: CursorScope;
  /** Resolves when the stream has positions. */
  readonly opened: () => Promise<void>;
  readonly pages: SharedPages<T>;
  readonly wake: Wake;
  readonly heartbeatMs: number;
  readonly log: Pick<Log, 'warn'>;
  readonly filter: (value: T) => boolean;
  readonly target: CursorTarget | undefined;
  readonly snapshot: PinnedSnapshot<T> | (() => Promise<readonly T[]>) | undefined;
}

interface Begin<T> {
  readonly position: Position;
  readonly items: readonly StreamItem<T>[];
}

const retries = { attempts: 8, firstMs: 100, mostMs: 5_000 } as const;

/**
 * The reader's side of a stream: each pull answers with the next items, waiting for some if there are none. Where it
 * begins is looked up now, not at the first pull, so that a slow reader does not begin late; its first item says where.
 */
export function createSubscription<T>(options: SubscriptionOptions<T>): Pull<StreamItem<T>> {
  const { scope, pages, wake, heartbeatMs, filter } = options;
  const beginning = patiently(() => begin(options), options, undefined);
  // Whoever pulls gets the error; if nobody ever does, it is nobody's.
  beginning.catch(() => undefined);
  let position: Position | undefined;
  let spokeAt = performance.now();

  const said = (items: readonly StreamItem<T>[]): readonly StreamItem<T>[] => {
    spokeAt = performance.now();
    return items;
  };

  return async (signal) => {
    if (position === undefined) {
      const begun = await beginning;
      position = begun.position;
      if (begun.items.length > 0) return said(begun.items);
    }
    while (!signal.aborted) {
      const seen = wake.generation();
      const from: Position = position;
      const page: Page<T> = await patiently(() => pages.read(from), options, signal);
      if (page.kind === 'gap') {
        position = page.resumeAt;
        return said([gapItem(page, from, scope)]);
      }
      position = page.events.at(-1)?.position ?? from;
      const items = page.events.flatMap(({ position: place, at, value }): StreamItem<T>[] =>
        filter(value) ? [{ kind: 'event', cursor: encodeCursor(place, scope), at, value }] : [],
      );
      if (items.length > 0) return said(items);
      const silentFor = performance.now() - spokeAt;
      if (silentFor >= heartbeatMs) return said([heartbeat(position, scope)]);
      if (!page.full) await wake.wait(seen, heartbeatMs - silentFor, signal);
    }
    return [];
  };
}

async function begin<T>({
  db,
  stream,
  scope,
  opened,
  target,
  snapshot,
}: SubscriptionOptions<T>): Promise<Begin<T>> {
  await opened();
  if (target !== undefined && target !== 'unfinished-snapshot') return { position: target, items: [] };
  const headOf = (executor: QueryExecutorProvider): Promise<Position> => readHead(executor, stream);
  if (snapshot !== undefined) {
    const { head, items } =
      typeof snapshot === 'function'
        ? { head: await headOf(db), items: await snapshot() }
        : await snapshot.take(headOf);
    return { position: head, items: snapshotItems(head, items, scope) };
  }
  const head = await headOf(db);
  const cursor = encodeCursor(head, scope);
  if (target === undefined) return { position: head, items: [heartbeat(head, scope)] };
  const fromCursor = encodeCursor(target, scope);
  return {
    position: head,
    items: [{ kind: 'gap', fromCursor, cursor, missed: null, reason: 'snapshot_unfinished' }],
  };
}

function snapshotItems<T>(
  head: Position,
  values: readonly T[],
  scope: CursorScope,
): readonly StreamItem<T>[] {
  // Resuming in the middle of a snapshot can only mean taking it again.
  const cursor = encodeCursor('unfinished-snapshot', scope);
  return [
    ...values.map((value): StreamItem<T> => ({ kind: 'snapshot', cursor, value })),
    { kind: 'snapshot-complete', cursor: encodeCursor(head, scope) },
  ];
}

function heartbeat<T>(position: Position, scope: CursorScope): StreamItem<T> {
  return { kind: 'heartbeat', cursor: encodeCursor(position, scope), at: new Date() };
}

function gapItem<T>(
  page: Extract<Page<T>, { kind: 'gap' }>,
  from: Position,
  scope: CursorScope,
): StreamItem<T> {
  return {
    kind: 'gap',
    fromCursor: encodeCursor(from, scope),
    cursor: encodeCursor(page.resumeAt, scope),
    missed: page.missed,
    reason: page.reason,
  };
}

/** A database that restarts is a pause for the reader; one that stays away is an error. */
async function patiently<R, T>(
  read: () => Promise<R>,
  { stream, log }: SubscriptionOptions<T>,
  signal: AbortSignal | undefined,
): Promise<R> {
  let wait: number = retries.firstMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt >= retries.attempts || signal?.aborted || !isTransientError(error)) throw error;
      log.warn({ event: 'stream.read_retried', stream, attempt, err: error });
    }
    await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, retries.mostMs);
  }
}
