import { createClient } from 'graphql-ws';
import { type AnswerOptions, askOverHttp } from './ask-over-http.ts';
import { createEventStreamClient } from './resume-subscription-events.ts';
import { openInbox, type StreamClient } from './resume-subscription-inbox.ts';
import { errorOfAnswer, SpineError } from './spine-error.ts';
import type { TypedDocument } from './typed-document.ts';

export interface SpineClientOptions {
  /** The gateway's /graphql: `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** A bearer token; a function is asked each time, for one that is renewed. Without: a gateway in dev mode. */
  readonly token?: string | (() => string) | undefined;
  readonly fetch?: typeof globalThis.fetch;
  /**
   * What subscriptions run over: a WebSocket class (`ws` has one; by default the platform's own), or `false` for server-sent
   * events, which is also what is used where the platform has no WebSocket.
   */
  readonly webSocket?: unknown;
  /** id: send documents by their id, to a gateway that has our manifest of trusted documents. */
  readonly documents?: 'text' | 'id';
  /** For a query or mutation: 30 seconds by default. */
  readonly timeoutMs?: number;
}

/** Variables may be left out when every one of them may. */
type Given<Variables, Options> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options];

type AnyVariables = Readonly<Record<string, unknown>>;

export interface SpineClient {
  /** The data of a query; throws SpineError for any error in the answer, with the rest of the data in it. */
  query<Data, Variables extends AnyVariables>(
    document: TypedDocument<Data, Variables>,
    ...given: Given<Variables, AnswerOptions>
  ): Promise<Data>;
  /** The same for a mutation. Expected failures are members of its result union, not errors. */
  mutate<Data, Variables extends AnyVariables>(
    document: TypedDocument<Data, Variables>,
    ...given: Given<Variables, AnswerOptions>
  ): Promise<Data>;
  /** The items of a stream as long as its connection lasts, then it throws. `resumeSubscription` goes on where it broke. */
  subscribe<Data, Variables extends AnyVariables>(
    document: TypedDocument<Data, Variables>,
    ...given: Given<Variables, AnswerOptions>
  ): AsyncIterable<Data>;
  /** What `resumeSubscription` asks for as its `client`. */
  readonly streams: StreamClient;
  /** Closes the socket of subscriptions. */
  close(): Promise<void>;
}

/** Creates a client of the graph. It opens nothing before it is asked. */
export function createSpineClient(options: SpineClientOptions): SpineClient {
  const { url, token, fetch = globalThis.fetch, documents = 'text', timeoutMs = 30_000 } = options;
  const headers = (): Readonly<Record<string, string>> => {
    const bearer = typeof token === 'function' ? token() : token;
    return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  };
  const ask = askOverHttp({ url, headers, fetch, documents, timeoutMs });
  const { streams, close } = createStreams({ url, headers, fetch, webSocket: options.webSocket });

  return {
    query: (document, ...[variables, answerOptions]) => ask(document, variables ?? {}, answerOptions),
    mutate: (document, ...[variables, answerOptions]) => ask(document, variables ?? {}, answerOptions),
    subscribe: (document, ...[variables, { signal } = {}]) =>
      readStream(streams, document, variables ?? {}, signal),
    streams,
    close,
  };
}

interface StreamOptions {
  readonly url: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly webSocket: unknown;
}

function createStreams({ url, headers, fetch, webSocket }: StreamOptions) {
  const chosen = webSocket ?? ('WebSocket' in globalThis ? globalThis.WebSocket : false);
  if (chosen === false) {
    return { streams: createEventStreamClient({ url, headers, fetch }), close: async () => undefined };
  }
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: chosen,
    connectionParams: () => ({ ...headers() }),
    // A retry of its own would begin where the subscription began, not where it broke.
    retryAttempts: 0,
    lazyCloseTimeout: 1_000,
    // Told to whoever subscribed.
    onNonLazyError: () => undefined,
  });
  const streams: StreamClient = {
    subscribe: (request, sink) =>
      client.subscribe<object>(request, {
        next: ({ data, errors }) =>
          sink.next({ ...(data !== undefined && { data }), ...(errors !== undefined && { errors }) }),
        error: sink.error,
        complete: sink.complete,
      }),
  };
  return { streams, close: async () => await client.dispose() };
}

async function* readStream<Data, Variables extends AnyVariables>(
  streams: StreamClient,
  document: TypedDocument<Data, Variables>,
  variables: AnyVariables,
  signal = new AbortController().signal,
): AsyncGenerator<Data> {
  const inbox = openInbox(streams, { query: document.toString(), variables: { ...variables } }, signal);
  try {
    for await (const { data, errors = [] } of inbox.results) {
      if (!isDataOf(document, data)) throw errorOfAnswer(errors);
      yield data;
    }
    const cause = inbox.brokenBy();
    if (!signal.aborted) throw new SpineError('SERVICE_UNAVAILABLE', 'the stream broke', { cause });
  } finally {
    inbox.close();
  }
}

/** The gateway validated and completed the operation: what it sends as data has the type that the document says. */
function isDataOf<Data, Variables>(_document: TypedDocument<Data, Variables>, data: unknown): data is Data {
  return data !== undefined && data !== null;
}
