import type { IncomingHttpHeaders } from 'node:http';
import type { RequestContext } from '../execution/request-context.ts';
import { forwardedHeaders } from '../links/forward-headers.ts';

/** What the context of a request takes from the headers of its client, besides who that is. */
export type ReadClientHeaders = (
  headers: IncomingHttpHeaders,
) => Pick<RequestContext, 'headers' | 'traceparent' | 'showPlan'>;

/** Reads the headers that are listed for subgraphs, the client's trace, and whether it wants to see the plan. */
export function createReadClientHeaders(forwarded: readonly string[]): ReadClientHeaders {
  return (headers) => ({
    headers: forwardedHeaders(headers, forwarded),
    traceparent: textOf(headers['traceparent']),
    showPlan: headers['spine-query-plan'] === '1',
  });
}

/** The trace of a client that can set no headers, from the extensions of its message; undefined when there is none. */
export function traceparentOf(
  extensions: Readonly<Record<string, unknown>> | null | undefined,
): string | undefined {
  return textOf(extensions?.['traceparent']);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 128 ? value : undefined;
}
