import { Problem } from '@spine/kernel/problem';
import { brandPrincipal, devPrincipal, type Principal, type PrincipalClaims } from './principal.ts';
import { verifyRequest } from './service-signature.ts';
import { findToken, readTokens, type StaticToken } from './static-tokens.ts';

export interface AuthConfig {
  readonly serviceSecret: string;
  /** SPINE_TOKENS_FILE; null is dev mode: no auth, loopback only. */
  readonly tokensFile: string | null;
}

export interface AuthRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string | Uint8Array;
}

export interface Authenticator {
  /** True when no auth is configured: every caller without a signature acts as admin. */
  readonly dev: boolean;
  /** Who sends this request: by service signature, bearer or Basic. Throws UNAUTHENTICATED. */
  authenticate(request: AuthRequest): Principal;
  /** The person behind signed claims of a service that already proved itself (graphql-ws). */
  fromClaims(claims: PrincipalClaims): Principal;
  /** The bearer of an Authorization header or connection parameter; dev mode needs none. Throws UNAUTHENTICATED. */
  fromAuthorization(header: string | undefined): Principal;
}

/** Checks identities by configuration. The tokens file is read once, at the start. */
export function createAuthenticator(config: AuthConfig): Authenticator {
  const tokens = config.tokensFile === null ? null : readTokens(config.tokensFile);
  const fromClaims = (claims: PrincipalClaims) => brandPrincipal('user', claims);

  function fromAuthorization(header: string | undefined): Principal {
    if (tokens === null) return devPrincipal();
    const token = header === undefined ? undefined : tokenOf(tokens, header);
    if (token === undefined) {
      throw new Problem(
        'UNAUTHENTICATED',
        header === undefined ? 'no credentials' : 'the credentials are not known',
        {
          fix: 'Send `Authorization: Bearer <token>` or Basic with token id and secret.',
        },
      );
    }
    return brandPrincipal('user', token);
  }

  return {
    dev: tokens === null,
    fromClaims,
    fromAuthorization,
    authenticate(request) {
      const verified = verifyRequest({ ...request, secret: config.serviceSecret, now: new Date() });
      if (verified !== undefined) {
        return verified.claims === undefined
          ? brandPrincipal('service', { id: verified.service, roles: ['service'], functions: [] })
          : fromClaims(verified.claims);
      }
      const { authorization } = request.headers;
      return fromAuthorization(typeof authorization === 'string' ? authorization : undefined);
    },
  };
}

function tokenOf(tokens: readonly StaticToken[], header: string): StaticToken | undefined {
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return findToken(tokens, value);
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : findToken(tokens, decoded.slice(colon + 1), decoded.slice(0, colon));
}
