import { createHash } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { errors, type JWTVerifyResult, jwtVerify } from 'jose';
import { createLru } from '../lru.ts';
import { assertNotExpired, clockToleranceMs } from './expiry.ts';
import type { OidcConfig } from './oidc-config.ts';
import { createOidcKeys } from './oidc-keys.ts';
import { principalOfJwt } from './oidc-principal.ts';
import type { Principal } from './principal.ts';

/** Tells who a JWT speaks for. Throws UNAUTHENTICATED for one that proves nothing, SERVICE_UNAVAILABLE without keys to check it by. */
export type OidcVerifier = (token: string, now: Date) => Promise<Principal>;

/** Only what asymmetric keys signed: with a symmetric one, whoever knows the public key could sign. */
const algorithms = ['RS256', 'ES256', 'EdDSA'];
/** Access and ID tokens (RFC 9068, RFC 7519); a logout token or a proof of possession is no proof of who asks. */
const acceptedTypes = ['jwt', 'at+jwt', 'application/at+jwt'];
const rememberMs = 60_000;

/**
 * Creates a verifier of the provider's tokens. One that proved good is remembered for a minute, by its hash: checking a
 * signature costs more than all the rest of a request's way in.
 */
export function createOidcVerifier(config: OidcConfig): OidcVerifier {
  const keys = createOidcKeys(config);
  const proved = createLru<string, { readonly principal: Principal; readonly until: number }>(10_000);

  return async (token, now) => {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = proved.get(hash);
    if (known !== undefined && now.getTime() < known.until) {
      assertNotExpired(known.principal, now);
      return known.principal;
    }
    const { payload, protectedHeader } = await verify(token, now);
    const { typ } = protectedHeader;
    if (typ !== undefined && !acceptedTypes.includes(String(typ).toLowerCase()))
      throw refused('is of another type');
    const principal = principalOfJwt(payload, config);
    proved.set(hash, { principal, until: now.getTime() + rememberMs });
    return principal;
  };

  async function verify(token: string, now: Date): Promise<JWTVerifyResult> {
    try {
      return await jwtVerify(token, keys, {
        issuer: config.issuer,
        audience: [...config.audiences],
        algorithms,
        requiredClaims: ['exp'],
        clockTolerance: clockToleranceMs / 1_000,
        currentDate: now,
      });
    } catch (error) {
      throw problemOf(error);
    }
  }
}

/** What to tell of a failure of jose. */
function problemOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof errors.JWTExpired) return refused('has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refused(`does not hold: its claim "${error.claim}" is missing or another`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return refused('is signed by an algorithm that is not accepted');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return refused('is signed by no key of its provider');
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('has a signature that does not fit');
  if (isOfToken(error)) return refused('cannot be read');
  return new Problem('SERVICE_UNAVAILABLE', 'the keys of the identity provider cannot be had', {
    fix: 'Check that the JWKS URL of SPINE_OIDC_JWKS_URL, or of the issuer, can be reached from here.',
    cause: error,
  });
}

/** Whether the token is at fault. What else jose throws comes of fetching keys. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSENotSupported
  );
}

// Without the cause: errors of jose carry the token's claims along, and those belong in no log.
function refused(what: string): Problem {
  return new Problem('UNAUTHENTICATED', `the token ${what}`, {
    fix: 'Send a token that the provider of SPINE_OIDC_ISSUER made for the audience of SPINE_OIDC_AUDIENCE.',
  });
}
