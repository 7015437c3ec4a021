import { type Gap, type RetryPolicy, resumeSubscription } from '@spine/client/resume-subscription';
import type { StreamClient, StreamError } from '@spine/client/resume-subscription-inbox';
import { memoryCursorStore } from '@spine/client/resume-subscription-store';
import type { Cell } from './cell.ts';
import { createLatest, type Latest } from './latest.ts';
import { idleStream, type StreamState } from './stream-state.ts';

/** What the page shows of a stream: its items, the newest first. */
export interface StreamLog {
  readonly events: readonly unknown[];
  /** How many came before these. */
  readonly earlier?: number;
  readonly errors?: readonly StreamError[];
}

export interface FollowOptions {
  readonly client: StreamClient;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether it goes on where it was broken, by its cursor; if not, it ends there. */
  readonly resumable: boolean;
  readonly state: Cell<StreamState>;
  /** Called once, when it is over. */
  readonly onEnd: () => void;
  readonly policy?: RetryPolicy;
}

const mostShown = 200;

/** Runs a subscription, and yields what there is to show each time that this has changed. Ends when it is returned. */
export function followStream(options: FollowOptions): Latest<StreamLog> {
  const { state, resumable } = options;
  const stop = new AbortController();
  const latest = createLatest<StreamLog>(() => stop.abort());
  let events: readonly unknown[] = [];
  const note = (change: Partial<StreamState>): void => {
    if (!stop.signal.aborted) state.set({ ...state.get(), ...change });
  };
  const show = (item: unknown, errors: readonly StreamError[]): void => {
    events = [item, ...events].slice(0, mostShown);
    const count = state.get().events + 1;
    note({ events: count });
    const earlier = count - events.length;
    latest.put({ events, ...(earlier > 0 && { earlier }), ...(errors.length > 0 && { errors }) });
  };

  state.set({ ...idleStream, phase: 'connecting' });
  const client = heard(options.client, () => note({ phase: 'live', heardAt: new Date() }));
  const running = resumable
    ? followOn({ ...options, client }, { stop: stop.signal, show, note })
    : followOnce({ ...options, client }, { stop: stop.signal, show });
  running
    .then(() => latest.end())
    .catch((error: unknown) => latest.fail(readableError(error)))
    .finally(() => {
      state.set({ ...state.get(), phase: stop.signal.aborted ? 'idle' : 'ended' });
      options.onEnd();
    });
  return latest;
}

interface Following {
  readonly stop: AbortSignal;
  readonly show: (item: unknown, errors: readonly StreamError[]) => void;
}

function followOn(
  { client, query, variables, state, policy }: FollowOptions,
  { stop, show, note }: Following & { readonly note: (change: Partial<StreamState>) => void },
): Promise<void> {
  const { after, ...others } = variables;
  return resumeSubscription<Record<string, object>>({
    client,
    operation: query,
    variables: others,
    store: memoryCursorStore(typeof after === 'string' ? after : null),
    signal: stop,
    ...(policy !== undefined && { policy }),
    onEvent: (event, { errors }) => show(event, errors),
    onGap({ cursor, fromCursor, missed, reason }: Gap) {
      note({ gaps: state.get().gaps + 1 });
      show({ __typename: 'StreamGap', cursor, fromCursor, missed, reason }, []);
    },
    onBroken: () => note({ phase: 'reconnecting', resumed: state.get().resumed + 1 }),
  });
}

function followOnce({ client, query, variables }: FollowOptions, { stop, show }: Following): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = client.subscribe(
      { query, variables },
      {
        next({ data, errors = [] }) {
          if (data == null) reject(errors);
          else for (const item of Object.values(data)) show(item, errors);
        },
        error: reject,
        complete: resolve,
      },
    );
    stop.addEventListener('abort', () => {
      leave();
      resolve();
    });
  });
}

/** The same client, that tells of everything which comes. */
function heard(client: StreamClient, onHeard: () => void): StreamClient {
  return {
    subscribe: (request, sink) =>
      client.subscribe(request, {
        next(result) {
          onHeard();
          sink.next(result);
        },
        error: (error) => sink.error(error),
        complete: () => sink.complete(),
      }),
  };
}

/** A refusal has errors of its own; a socket that closed has a code and seldom a reason. */
function readableError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('code' in error)) return error;
  const reason = 'reason' in error && error.reason !== '' ? `: ${error.reason}` : '';
  return { message: `the connection was closed with code ${error.code}${reason}` };
}
