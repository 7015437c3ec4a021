import { Problem } from '@spine/kernel/problem';
import { type Clock, systemClock } from '../clock.ts';
import { type Credentials, credentialsFix, isJwtShaped, parseAuthorization } from './authorization-header.ts';
import { createReadClaims } from './claims.ts';
import { assertDevCaller } from './dev-caller.ts';
import { assertNotExpired } from './expiry.ts';
import type { OidcVerifier } from './oidc-verifier.ts';
import { devPrincipal, makePrincipal, type Principal } from './principal.ts';
import { createReplayGuard, type ReplayGuard } from './replay-guard.ts';
import {
  type IncomingHeaders,
  isSigned,
  signatureWindowMs,
  type Verifier,
  verifyRequest,
} from './service-signature.ts';
import { findToken, type StaticToken } from './static-token.ts';
import { type SubscribeOperation, verifyConnection, verifySubscribe } from './subscription-signature.ts';

export interface AuthConfig {
  /** The static tokens, or what tells them as they stand now; null: there are none. */
  readonly tokens: readonly StaticToken[] | ((now: Date) => readonly StaticToken[]) | null;
  /** Checks the tokens of an identity provider; absent or null: there is none. Without tokens and provider: dev mode. */
  readonly oidc?: OidcVerifier | null;
  /** SPINE_SERVICE_SECRET: what services sign with. */
  readonly serviceSecret: string;
  readonly replays?: ReplayGuard;
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
  /** dev: callers on this machine act as admin. tokens: everyone proves who they are. */
  readonly mode: 'dev' | 'tokens';
  /**
   * By service signature, else by bearer (static or of the provider) or Basic token, else as dev. A wrong proof is
   * refused, not passed over. Throws SERVICE_UNAVAILABLE while a proof cannot be checked.
   */
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
  oidc = null,
  serviceSecret,
  replays = createReplayGuard({ windowMs: signatureWindowMs }),
  clock = systemClock,
}: AuthConfig): Authenticator {
  const mode = tokens === null && oidc === null ? 'dev' : 'tokens';
  const readClaims = createReadClaims();
  // One principal for each token, so that what is remembered of it is found again.
  const principals = new WeakMap<StaticToken, Principal>();

  const verifier = (): Verifier => ({ secret: serviceSecret, replays, readClaims, now: clock.now() });

  function asDev(caller: Caller): Principal {
    if (mode !== 'dev') {
      throw new Problem('UNAUTHENTICATED', 'the request carries no credentials', { fix: credentialsFix });
    }
    assertDevCaller(caller);
    return devPrincipal();
  }

  async function byCredentials({ scheme, ...presented }: Credentials, now: Date): Promise<Principal> {
    const known = typeof tokens === 'function' ? tokens(now) : (tokens ?? []);
    const token = findToken(known, presented);
    if (token !== undefined) {
      const principal = principals.get(token) ?? principalOfToken(token);
      principals.set(token, principal);
      assertNotExpired(principal, now);
      return principal;
    }
    if (oidc !== null && scheme === 'bearer' && isJwtShaped(presented.secret)) {
      return await oidc(presented.secret, now);
    }
    throw new Problem('UNAUTHENTICATED', 'the token is not known', { fix: credentialsFix });
  }

  return {
    mode,
    async authenticate(caller) {
      const { headers, signed } = caller;
      if (isSigned(headers)) {
        if (signed === undefined)
          throw new Problem('UNAUTHENTICATED', 'a service signature is not accepted here');
        return verifyRequest({ ...verifier(), headers, ...signed });
      }
      const { authorization } = headers;
      if (typeof authorization === 'string' && mode !== 'dev') {
        return await byCredentials(parseAuthorization(authorization), clock.now());
      }
      return asDev(caller);
    },
    authenticateConnection(payload, caller) {
      if (!isSigned(payload)) return asDev(caller);
      return verifyConnection({ ...verifier(), payload });
    },
    authenticateSubscribe(signature, operation, caller) {
      if (signature === undefined || !isSigned(signature)) return asDev(caller);
      return verifySubscribe({ ...verifier(), signature, operation });
    },
  };
}

function principalOfToken({ id, roles, functions, expiresAt = null }: StaticToken): Principal {
  return makePrincipal({ id, kind: 'user', roles, functions, expiresAt });
}
