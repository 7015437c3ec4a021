/** An error as GraphQL sends it. */
export interface StreamError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** One result of a subscription. Without `data` it was refused. */
export interface StreamResult {
  readonly data?: object | null;
  readonly errors?: readonly StreamError[];
}

/** What a subscription over any transport is asked by; the clients of graphql-ws and graphql-sse are such. */
export interface StreamClient {
  subscribe(
    request: { readonly query: string; readonly variables: Record<string, unknown> },
    sink: {
      next(result: StreamResult): void;
      error(error: unknown): void;
      complete(): void;
    },
  ): () => void;
}

/** What came of one subscription, waiting for a reader that may be slow. */
export interface Inbox {
  /** In order; ends when the stream did, or broke, or the signal aborted. */
  readonly results: AsyncIterable<StreamResult>;
  /** Once `results` has ended: why. Undefined when nothing is wrong and it may be opened again at once. */
  brokenBy(): unknown;
  close(): void;
}

// Beyond, the subscription is given up and opened again after the last result that was read: the server keeps what waits.
const mostWaiting = 1_000;

/**
 * Subscribes, and keeps what comes until it is read. A connection on which nothing comes for `silenceMs` is taken for
 * broken: a stream says now and then that nothing happened. Close it.
 */
export function openInbox(
  client: StreamClient,
  request: Parameters<StreamClient['subscribe']>[0],
  signal: AbortSignal,
  silenceMs: number | null = null,
): Inbox {
  const waiting: StreamResult[] = [];
  let over = false;
  let broken: unknown;
  let wake = (): void => undefined;
  let unsubscribe = (): void => undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const listen = (): void => {
    clearTimeout(silence);
    if (silenceMs === null || over) return;
    silence = setTimeout(() => end(new Error(`nothing came for ${silenceMs} ms`)), silenceMs);
  };
  const end = (cause: unknown): void => {
    if (over) return;
    over = true;
    clearTimeout(silence);
    broken = cause;
    signal.removeEventListener('abort', close);
    unsubscribe();
    wake();
  };
  const close = (): void => {
    waiting.length = 0;
    end(undefined);
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  else {
    listen();
    const leave = client.subscribe(request, {
      next(result) {
        if (over) return;
        listen();
        waiting.push(result);
        wake();
        if (waiting.length >= mostWaiting) end(undefined);
      },
      error(error) {
        // graphql-ws tells a refusal as a list of errors, and a broken socket as anything else.
        if (!over && Array.isArray(error)) waiting.push({ errors: error });
        end(error);
      },
      // A stream has no end of its own: who ended it is going away.
      complete: () => end(new Error('the server ended the stream')),
    });
    if (over) leave();
    else unsubscribe = leave;
  }

  return {
    results: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const result = waiting.shift();
          if (result !== undefined) yield result;
          else if (over) return;
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      },
    },
    brokenBy: () => broken,
    close,
  };
}
