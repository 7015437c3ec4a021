import { Problem } from '@spine/kernel/problem';
import { type Clock, systemClock } from '../clock.ts';
import { isLoopback } from './is-loopback.ts';
import { devPrincipal, makePrincipal, type Principal } from './principal.ts';
import { type IncomingHeaders, isSigned, verifyRequest } from './service-signature.ts';
import { findToken, type StaticToken } from './static-token.ts';
import { type SubscribeOperation, verifyConnection, verifySubscribe } from './subscription-signature.ts';

export interface AuthConfig {
  /** null: no authentication is configured, dev mode. */
  readonly tokens: readonly StaticToken[] | null;
  /** What services sign with. */
  readonly serviceSecret: string;
  readonly clock?: Pick<Clock, 'now'>;
}

/** A request as far as it says who sends it. */
export interface Caller {
  readonly headers: IncomingHeaders;
  /** The peer's address. */
  readonly remoteAddress: string | undefined;
  /** What a service signature covers; absent where only tokens are accepted. */
  readonly signed?: { readonly method: string; readonly path: string; readonly bodyHash: string };
}

/** Tells who asks, or throws Problem UNAUTHENTICATED. */
export interface Authenticator {
  /** dev: callers on this machine act as admin. */
  readonly mode: 'dev' | 'tokens';
  /** By service signature, else by bearer or Basic token, else as dev. A wrong proof is refused, not passed over. */
  authenticate(caller: Caller): Promise<Principal>;
  /** Who connects a socket to a subgraph: a service by its signed payload, or a dev caller without one. */
  authenticateConnection(payload: IncomingHeaders, caller: Caller): Principal;
  /** For whom a subscribe message on such a socket asks. */
  authenticateSubscribe(
    signature: IncomingHeaders | undefined,
    operation: SubscribeOperation,
    caller: Caller,
  ): Principal;
}

/** Makes the authenticator of a service. */
export function createAuthenticator({
  tokens,
  serviceSecret,
  clock = systemClock,
}: AuthConfig): Authenticator {
  const asDev = (caller: Caller): Principal => {
    if (tokens !== null) throw missing();
    assertDevCaller(caller);
    return devPrincipal();
  };
  return {
    mode: tokens === null ? 'dev' : 'tokens',
    async authenticate(caller) {
      const { headers, signed } = caller;
      if (isSigned(headers)) {
        if (signed === undefined)
          throw new Problem('UNAUTHENTICATED', 'a service signature is not accepted here');
        return verifyRequest({ secret: serviceSecret, headers, ...signed, now: clock.now() });
      }
      const { authorization } = headers;
      if (typeof authorization === 'string' && tokens !== null) return byToken(tokens, authorization);
      return asDev(caller);
    },
    authenticateConnection(payload, caller) {
      if (!isSigned(payload)) return asDev(caller);
      return verifyConnection({ secret: serviceSecret, payload, now: clock.now() });
    },
    authenticateSubscribe(signature, operation, caller) {
      if (signature === undefined || !isSigned(signature)) return asDev(caller);
      return verifySubscribe({ secret: serviceSecret, signature, operation, now: clock.now() });
    },
  };
}

function byToken(tokens: readonly StaticToken[], authorization: string): Principal {
  const token = findToken(tokens, parseAuthorization(authorization));
  if (token === undefined) throw new Problem('UNAUTHENTICATED', 'the token is not known', { fix: tokenFix });
  return makePrincipal({ id: token.id, kind: 'user', roles: token.roles, functions: token.functions });
}

function parseAuthorization(header: string): { readonly secret: string; readonly id?: string } {
  const [, scheme, credentials] = /^(Bearer|Basic) +(\S+)$/i.exec(header) ?? [];
  if (scheme === undefined || credentials === undefined) {
    throw new Problem('UNAUTHENTICATED', 'the Authorization header is neither Bearer nor Basic', {
      fix: tokenFix,
    });
  }
  if (scheme.toLowerCase() === 'bearer') return { secret: credentials };
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1)
    throw new Problem('UNAUTHENTICATED', 'Basic credentials are not id:secret', { fix: tokenFix });
  return { id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

/**
 * Dev mode trusts this machine, not every page that its browser shows: a name that was rebound to 127.0.0.1, or a page
 * of another origin, is not the person at the keyboard.
 */
function assertDevCaller({ headers, remoteAddress }: Caller): void {
  const { host, origin } = headers;
  const local =
    remoteAddress !== undefined &&
    isLoopback(remoteAddress) &&
    (host === undefined || isLocalUrl(`http://${String(host)}`)) &&
    (origin === undefined || isLocalUrl(String(origin)));
  if (local) return;
  throw new Problem('UNAUTHENTICATED', 'no authentication is configured, so only this machine may ask', {
    fix: 'Ask from this machine at http://127.0.0.1, or configure tokens by SPINE_TOKENS_FILE.',
  });
}

function isLocalUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

const tokenFix =
  'Send "Authorization: Bearer <secret>", or Basic with id:secret, of a token of SPINE_TOKENS_FILE.';

function missing(): Problem {
  return new Problem('UNAUTHENTICATED', 'the request carries no credentials', { fix: tokenFix });
}
