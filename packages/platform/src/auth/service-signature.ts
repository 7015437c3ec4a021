import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { type PrincipalClaims, parseClaims } from './principal.ts';

/** A request is good this long before and after the time it names. */
export const signatureWindowMs = 30_000;

export const signatureHeaders = {
  service: 'spine-service',
  time: 'spine-time',
  claims: 'spine-claims',
  signature: 'spine-signature',
} as const;

export interface SignedRequest {
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  readonly body: string | Uint8Array;
}

/** Headers that prove which service sends the request, and for which principal it asks (`claims`). */
export function signRequest(
  request: SignedRequest & {
    readonly secret: string;
    readonly service: string;
    readonly claims?: PrincipalClaims;
    readonly now: Date;
  },
): Record<string, string> {
  const time = String(request.now.getTime());
  const claims =
    request.claims === undefined ? '' : Buffer.from(JSON.stringify(request.claims)).toString('base64url');
  return {
    [signatureHeaders.service]: request.service,
    [signatureHeaders.time]: time,
    ...(claims !== '' && { [signatureHeaders.claims]: claims }),
    [signatureHeaders.signature]: mac(request.secret, request.service, request, time, claims),
  };
}

export interface VerifiedRequest {
  readonly service: string;
  readonly claims: PrincipalClaims | undefined;
}

/** Checks a signed request. Throws UNAUTHENTICATED for a forged, altered or old one; undefined when it is not signed at all. */
export function verifyRequest(
  request: SignedRequest & {
    readonly secret: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly now: Date;
  },
): VerifiedRequest | undefined {
  const service = request.headers[signatureHeaders.service];
  const time = request.headers[signatureHeaders.time];
  const claims = request.headers[signatureHeaders.claims] ?? '';
  const given = request.headers[signatureHeaders.signature];
  if (given === undefined && service === undefined) return undefined;
  if (
    typeof service !== 'string' ||
    typeof time !== 'string' ||
    typeof claims !== 'string' ||
    typeof given !== 'string'
  ) {
    throw refused('the service signature is not complete');
  }
  const expected = mac(request.secret, service, request, time, claims);
  const same = expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
  if (!same) throw refused('the service signature does not fit the request');
  if (!(Math.abs(request.now.getTime() - Number(time)) <= signatureWindowMs)) {
    throw refused('the service signature is too old, or the clocks differ by more than 30 s');
  }
  if (claims === '') return { service, claims: undefined };
  const parsed = parseClaims(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')));
  if (parsed === undefined) throw refused('the signed claims are not of the known shape');
  return { service, claims: parsed };
}

function mac(secret: string, service: string, request: SignedRequest, time: string, claims: string): string {
  const body = createHash('sha256').update(request.body).digest('hex');
  return createHmac('sha256', secret)
    .update([service, request.method.toUpperCase(), request.path, time, body, claims].join('\n'))
    .digest('hex');
}

function refused(message: string): Problem {
  return new Problem('UNAUTHENTICATED', message, {
    fix: 'Give every service the same SPINE_SERVICE_SECRET and keep the clocks in step.',
  });
}
