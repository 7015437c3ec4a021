import { Problem } from '@spine/kernel/problem';
import { isLoopback } from './is-loopback.ts';
import type { IncomingHeaders } from './service-signature.ts';

/**
 * Throws UNAUTHENTICATED unless it is this machine that asks. Dev mode trusts this machine, not every page that its
 * browser shows: a name that was rebound to 127.0.0.1, or a page of another origin, is not the person at the keyboard.
 */
export function assertDevCaller(caller: {
  readonly headers: IncomingHeaders;
  readonly remoteAddress: string | undefined;
}): void {
  const { remoteAddress } = caller;
  const { host, origin } = caller.headers;
  const local =
    remoteAddress !== undefined &&
    isLoopback(remoteAddress) &&
    (host === undefined || isLocalUrl(`http://${String(host)}`)) &&
    (origin === undefined || isLocalUrl(String(origin)));
  if (local) return;
  throw new Problem('UNAUTHENTICATED', 'no authentication is configured, so only this machine may ask', {
    fix: 'Ask from this machine at http://127.0.0.1, or configure tokens by SPINE_TOKENS_FILE or SPINE_OIDC_ISSUER.',
  });
}

function isLocalUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}
