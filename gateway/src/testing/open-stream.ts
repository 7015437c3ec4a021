import type { FormattedExecutionResult } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** One event, or the refusal. */
export type StreamResult = FormattedExecutionResult<Record<string, unknown>, unknown>;

/** A subscription over graphql-transport-ws, read as it comes. */
export interface OpenStream {
  readonly results: readonly StreamResult[];
  /** How it ended: complete, an error of the protocol or a closed socket; undefined while it is open. */
  ended(): unknown;
  unsubscribe(): void;
}

/** A client of a gateway that gives up at once when its socket breaks. */
export function socketClient(url: string, connectionParams: Readonly<Record<string, unknown>> = {}): Client {
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { ...connectionParams },
  });
}

/** Subscribes and keeps what comes. */
export function openStream(
  client: Client,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): OpenStream {
  const results: StreamResult[] = [];
  let ended: unknown;
  const unsubscribe = client.subscribe(
    { query, variables: { ...variables } },
    {
      next: ({ data, errors }) =>
        void results.push({ ...(data != null && { data }), ...(errors !== undefined && { errors }) }),
      error: (error) => {
        ended = error;
      },
      complete: () => {
        ended = 'complete';
      },
    },
  );
  return { results, ended: () => ended, unsubscribe };
}
