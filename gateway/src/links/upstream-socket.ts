import { claimsOf } from '@spine/platform/auth/claims';
import { signConnection, signSubscribe } from '@spine/platform/auth/subscription-signature';
import type { TlsOptions } from '@spine/platform/http/tls-files';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { parseError, parseEvent } from './parse-result.ts';
import { createStreamIterator, streamEnd } from './stream-iterator.ts';
import type { SubgraphRequest, SubgraphResult } from './subgraph-link.ts';
import { SubgraphLost } from './subgraph-lost.ts';

export interface UpstreamSocketOptions {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  readonly service: string;
  readonly tls?: TlsOptions | null;
}

/** One graphql-ws socket to a subgraph, opened with its first subscription and closed after its last. */
export interface UpstreamSocket {
  subscribe(request: SubgraphRequest, signal: AbortSignal): AsyncIterableIterator<SubgraphResult>;
  close(): Promise<void>;
}

// Events that wait here for a slow client. Beyond, the stream is given up: its reader resumes from its cursor, and the
// subgraph reads what was missed from its table. Nothing is dropped, and nothing piles up.
const mostWaiting = 1000;

/** Creates the socket. It does not reconnect by itself: who reads a stream knows from which cursor to ask again. */
export function createUpstreamSocket(options: UpstreamSocketOptions): UpstreamSocket {
  const { name, url, secret, service, tls = null } = options;
  const client = createClient({
    url: new URL('/graphql', url.replace(/^http/, 'ws')).href,
    webSocketImpl: tls === null ? WebSocket : overTls(tls),
    lazy: true,
    lazyCloseTimeout: 5_000,
    retryAttempts: 0,
    keepAlive: 12_000,
    connectionParams: () => signConnection({ secret, service, now: new Date() }),
    onNonLazyError: () => undefined,
  });

  return {
    subscribe({ query, operationName, variables, principal, traceparent }, signal) {
      const waiting: SubgraphResult[] = [];
      let end: { readonly lost?: unknown } | undefined;
      let wake = (): void => undefined;
      const finish = (how: { readonly lost?: unknown }): void => {
        end ??= how;
        wake();
      };
      const operation = { query, variables: { ...variables }, operationName: operationName ?? null };
      const claims = claimsOf(principal);
      const spine = signSubscribe({ secret, service, claims, operation, now: new Date() });
      const unsubscribe = client.subscribe(
        { ...operation, extensions: { spine, ...(traceparent !== undefined && { traceparent }) } },
        {
          next(result) {
            // Behind what was lost nothing may come, though there is room again: the reader would take it for the next.
            if (end !== undefined) return;
            if (waiting.length >= mostWaiting) {
              finish({ lost: new Error(`more than ${mostWaiting} events wait for a slow reader`) });
              return;
            }
            waiting.push(parseEvent(result));
            wake();
          },
          error(error) {
            // The subgraph refused the operation, or the socket broke.
            if (Array.isArray(error) && end === undefined) {
              waiting.push({ errors: error.map(parseError) });
              finish({});
            } else {
              finish({ lost: error });
            }
          },
          complete: () => finish({}),
        },
      );
      return createStreamIterator<SubgraphResult>(
        async (ending) => {
          for (;;) {
            const result = waiting.shift();
            if (result !== undefined) return result;
            if (end !== undefined) {
              if ('lost' in end) throw new SubgraphLost(name, end.lost);
              return streamEnd;
            }
            if (ending.aborted) return streamEnd;
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        },
        {
          signal,
          onEnd: () => {
            wake();
            unsubscribe();
          },
        },
      );
    },
    async close() {
      await client.dispose();
      client.terminate();
    },
  };
}

/** graphql-ws makes sockets by a class, and tells it nothing of certificates. */
function overTls(tls: TlsOptions): new (address: string | URL, protocols?: string | string[]) => WebSocket {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, tls);
    }
  };
}
