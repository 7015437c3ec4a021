import {
  openInbox,
  type StreamClient,
  type StreamError,
  type StreamResult,
} from './resume-subscription-inbox.ts';
import type { CursorStore } from './resume-subscription-store.ts';

/** An operation as text, or as the generated client has it: text that knows its types. */
export type StreamOperation<Data> = string | (TypedText<Data> & { toString(): string });

/** How generated operations carry their types (graphql-codegen's DocumentTypeDecoration). */
export interface TypedText<Data> {
  // biome-ignore lint/suspicious/noExplicitAny: any variables will do, and a parameter's type is contravariant
  readonly __apiType?: (variables: any) => Data;
}

/** One item of a stream of type Data: what its root field yields. */
export type StreamItemOf<Data> = NonNullable<Data[keyof Data]>;

/** Says that events between two cursors were, or may have been, missed. */
export interface Gap {
  readonly cursor: string;
  readonly fromCursor?: string;
  readonly missed?: number | null;
  readonly reason?: string;
}

/** What is told of an event besides the event. */
export interface EventNotes {
  readonly cursor: string;
  /** Why parts of it are null, as when a service that completes it was away. */
  readonly errors: readonly StreamError[];
}

/** How long a broken stream is tried again. */
export interface RetryPolicy {
  readonly firstMs: number;
  readonly mostMs: number;
  /** A connection on which nothing comes for so long is taken for broken; streams say at least every 15 s that they live. */
  readonly silenceMs: number;
  /** Without an item for so long the promise rejects. */
  readonly giveUpMs: number;
}

export interface ResumeOptions<Data> {
  /**
   * A graphql-ws client (with `retryAttempts: 0`: a retry of its own would begin where the first subscription did), or
   * `createEventStreamClient` for SSE.
   */
  readonly client: StreamClient;
  /** One root field, with the argument `after` given by the variable `after`; its items select `__typename` and `cursor`. */
  readonly operation: StreamOperation<Data>;
  /** Besides `after`, which is this function's. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Where the cursor is kept between runs. */
  readonly store: CursorStore;
  /** One event, or SnapshotComplete. The cursor is saved when it has resolved; the next waits for that. */
  readonly onEvent: (event: StreamItemOf<Data>, notes: EventNotes) => unknown;
  /** Something was missed for good: whoever keeps a copy rebuilds it. The cursor is saved when it has resolved. */
  readonly onGap: (gap: Gap) => unknown;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told of each break that is tried again. */
  readonly onBroken?: (cause: unknown) => void;
  readonly policy?: RetryPolicy;
}

/** The server refused the subscription, and would again. */
export class SubscriptionRefused extends Error {
  override readonly name = 'SubscriptionRefused';
  readonly errors: readonly StreamError[];

  constructor(errors: readonly StreamError[]) {
    super(errors.map(({ message }) => message).join('; '));
    this.errors = errors;
  }
}

/**
 * Follows a stream across every break of the connection, the gateway and the services behind it: each event comes to
 * `onEvent` in order and at least once, and exactly once as long as the process lives or `onEvent` and `store` commit
 * together. Resolves when `signal` aborts; rejects with SubscriptionRefused, with what a callback threw, or with the
 * last break once `giveUpMs` is over.
 */
export async function resumeSubscription<Data extends object>(options: ResumeOptions<Data>): Promise<void> {
  const { store, onEvent, onGap, signal, onBroken, policy = defaultPolicy } = options;
  const handled = createRecent(1_000);
  let attempt = 0;
  let heardAt = performance.now();

  async function follow(after: string | null): Promise<unknown> {
    const inbox = openInbox(options.client, requestOf(options, after), signal, policy.silenceMs);
    let before: string | null = null;
    try {
      for await (const result of inbox.results) {
        const { item, errors } = readResult<Data>(result);
        attempt = 0;
        heardAt = performance.now();
        const { cursor } = item;
        const again = handled.has(cursor) && cursor !== after && cursor !== before;
        before = cursor;
        if (again) continue;
        if (item.__typename === 'StreamGap') await onGap(item);
        else if (item.__typename !== 'StreamHeartbeat') {
          await onEvent(item.event, { cursor, errors });
          handled.add(cursor);
        }
        await store.set(cursor);
      }
      return inbox.brokenBy();
    } catch (error) {
      if (error instanceof Unreadable) return error.cause;
      throw error;
    } finally {
      inbox.close();
    }
  }

  while (!signal.aborted) {
    const broken = await follow((await store.get()) ?? null);
    if (signal.aborted) return;
    if (broken !== undefined) {
      if (isFinal(broken) || performance.now() - heardAt >= policy.giveUpMs) throw broken;
      onBroken?.(broken);
    }
    // After a stream that was completed too: a server that completes each at once would be asked without end. Jitter: all clients of a gateway lose it together, and should not all come back together.
    await pause(Math.min(policy.firstMs * 2 ** attempt, policy.mostMs) * (0.5 + Math.random() / 2), signal);
    attempt += 1;
  }
}

const defaultPolicy: RetryPolicy = {
  firstMs: 100,
  mostMs: 10_000,
  silenceMs: 60_000,
  giveUpMs: 600_000,
};
// "Not now": the gateway is there and the service behind it is on its way back.
const passing = new Set<unknown>(['SERVICE_UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED', 'SLOW_CONSUMER']);

/** The close codes of graphql-transport-ws after which the same client would be turned away again. */
function isFinal(broken: unknown): boolean {
  const code = typeof broken === 'object' && broken !== null && 'code' in broken ? broken.code : undefined;
  return code === 4400 || code === 4401 || code === 4406;
}

/** A result that is no item: its cause says what it was, and the stream is opened again. */
class Unreadable extends Error {}

function requestOf<Data>({ operation, variables = {} }: ResumeOptions<Data>, after: string | null) {
  return {
    query: String(operation),
    variables: { ...variables, ...(after !== null && { after }) },
  };
}

function readResult<Data extends object>({ data, errors = [] }: StreamResult) {
  if (data === undefined && !errors.some(({ extensions }) => passing.has(extensions?.['code']))) {
    throw new SubscriptionRefused(errors);
  }
  if (data == null) throw new Unreadable('no item', { cause: new SubscriptionRefused(errors) });
  const [event] = Object.values(data);
  if (!isItem<Data>(event)) {
    throw new TypeError('the items of the stream carry no cursor: select __typename and cursor');
  }
  const { __typename, cursor } = event;
  return { item: { ...event, __typename, cursor, event }, errors };
}

function isItem<Data>(value: unknown): value is StreamItemOf<Data> & Gap & { readonly __typename?: string } {
  return typeof value === 'object' && value !== null && 'cursor' in value && typeof value.cursor === 'string';
}

/** Remembers the last so many cursors. */
function createRecent(limit: number) {
  const kept = new Set<string>();
  return {
    has: (cursor: string) => kept.has(cursor),
    add(cursor: string) {
      kept.add(cursor);
      for (const oldest of kept) {
        if (kept.size <= limit) break;
        kept.delete(oldest);
      }
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
