import type { StreamClient } from './resume-subscription-inbox.ts';

export interface EventStreamOptions {
  /** The gateway's /graphql. */
  readonly url: string;
  /** Sent with each request; a function is asked each time, for a token that is renewed. */
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  readonly fetch?: typeof globalThis.fetch;
}

const mostBytes = 16 * 1_048_576;

/** Subscribes over server-sent events (graphql-sse's distinct connections mode), where a WebSocket cannot pass. */
export function createEventStreamClient({
  url,
  headers = {},
  fetch = globalThis.fetch,
}: EventStreamOptions): StreamClient {
  return {
    subscribe(request, sink) {
      const leave = new AbortController();
      const read = async (): Promise<void> => {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            ...(typeof headers === 'function' ? headers() : headers),
            'content-type': 'application/json',
            accept: 'text/event-stream',
          },
          body: JSON.stringify(request),
          signal: leave.signal,
        });
        if (!response.ok || response.body === null) throw refusalOf(response.status);
        for await (const { event, data } of readEvents(response.body)) {
          if (event === 'complete') return sink.complete();
          if (event === 'next') sink.next(JSON.parse(data));
        }
        throw new Error('the connection ended');
      };
      read().catch((error: unknown) => {
        if (!leave.signal.aborted) sink.error(error);
      });
      return () => leave.abort();
    },
  };
}

/** A status that another attempt does not cure is told as a refusal, in the form in which graphql-ws tells one. */
function refusalOf(status: number): unknown {
  const message = `the gateway answered with status ${status}`;
  const passes = status === 429 || status >= 500;
  return passes ? new Error(message) : [{ message, extensions: { status } }];
}

async function* readEvents(body: AsyncIterable<Uint8Array>) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostBytes) throw new Error('an event is too large');
    let end = text.indexOf('\n\n');
    while (end >= 0) {
      yield parseEvent(text.slice(0, end));
      text = text.slice(end + 2);
      end = text.indexOf('\n\n');
    }
  }
}

function parseEvent(block: string): { readonly event: string; readonly data: string } {
  let event = '';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
  return { event, data: data.join('\n') };
}
