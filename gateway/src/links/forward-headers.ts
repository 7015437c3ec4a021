import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';

// Who the client is, the principal says; the rest belongs to one connection or is ours to set.
const never = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'host',
  'connection',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'expect',
  'accept',
  'accept-encoding',
  'traceparent',
  'x-request-id',
]);

/** Names of headers that may be forwarded, in lower case; the others are a fault of the configuration. */
export function checkForwardHeaders(
  names: readonly string[],
  context: z.core.$RefinementCtx,
): readonly string[] {
  return names.map((given) => {
    const name = given.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || never.has(name) || name.startsWith('spine-')) {
      context.addIssue({ code: 'custom', message: `cannot forward ${name}` });
    }
    return name;
  });
}

/** The listed ones of a client's headers; undefined when it sent none of them. */
export function forwardedHeaders(
  headers: IncomingHttpHeaders,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  let forwarded: Record<string, string> | undefined;
  for (const name of names) {
    const value = headers[name];
    if (typeof value !== 'string') continue;
    forwarded ??= {};
    forwarded[name] = value;
  }
  return forwarded;
}
