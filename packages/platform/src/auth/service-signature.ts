import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { type Claims, encodeClaims, principalOfClaims } from './claims.ts';
import { type Principal, servicePrincipal } from './principal.ts';

/** The headers that prove which of our services asks, and for whom. */
export const signatureHeaders = {
  service: 'spine-service',
  time: 'spine-time',
  claims: 'spine-claims',
  signature: 'spine-signature',
} as const;

/** How far the time of a signature may be from ours, both ways. */
export const signatureWindowMs = 30_000;

export interface SignRequest {
  readonly secret: string;
  /** The asking service's name. */
  readonly service: string;
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly path: string;
  readonly body?: string | Uint8Array | undefined;
  /** The end principal for whom the service asks; without it the service itself is the principal. */
  readonly claims?: Claims | undefined;
  readonly now: Date;
}

/** Headers as Node gives them: lower-case names. */
export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyRequest {
  readonly secret: string;
  readonly headers: IncomingHeaders;
  readonly method: string;
  readonly path: string;
  /** `hashBody` of the bytes as they arrived. */
  readonly bodyHash: string;
  readonly now: Date;
}

/** SHA-256 of a body, hex; of nothing when there is none. */
export function hashBody(body: string | Uint8Array | undefined): string {
  return createHash('sha256')
    .update(body ?? '')
    .digest('hex');
}

/** The headers that sign a request: HMAC-SHA-256 over service, method, path, time, body hash and claims. */
export function signRequest(request: SignRequest): Record<string, string> {
  const { secret, service, method, path, body, claims, now } = request;
  const time = now.toISOString();
  const encoded = claims === undefined ? '' : encodeClaims(claims);
  const signature = hmac(secret, [service, method, path, time, hashBody(body), encoded]);
  return {
    [signatureHeaders.service]: service,
    [signatureHeaders.time]: time,
    ...(encoded === '' ? {} : { [signatureHeaders.claims]: encoded }),
    [signatureHeaders.signature]: signature,
  };
}

/** Whether a request claims to be signed; then it must be verified, whatever else it carries. */
export function isSigned(headers: IncomingHeaders): boolean {
  return headers[signatureHeaders.signature] !== undefined;
}

/** The principal of a signed request. Throws UNAUTHENTICATED if anything of it was altered or it is out of the time window. */
export function verifyRequest({ secret, headers, method, path, bodyHash, now }: VerifyRequest): Principal {
  const read = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const service = read(signatureHeaders.service);
  const time = read(signatureHeaders.time);
  const claims = read(signatureHeaders.claims);
  const expected = hmac(secret, [service, method, path, time, bodyHash, claims]);
  if (service === '' || !equal(expected, read(signatureHeaders.signature))) {
    throw new Problem('UNAUTHENTICATED', 'the signature of the service does not fit the request', {
      fix: 'Give every service the same SPINE_SERVICE_SECRET, and let no proxy change the path or the body.',
    });
  }
  // The signature covers the time, so what is parsed here is what the service wrote.
  const distance = Math.abs(now.getTime() - Date.parse(time));
  if (!(distance <= signatureWindowMs)) {
    throw new Problem('UNAUTHENTICATED', 'the signature of the service is out of its 30 s window', {
      fix: 'Sign each request when it is sent, and keep the clocks of the machines together.',
    });
  }
  return claims === '' ? servicePrincipal(service) : principalOfClaims(claims);
}

function hmac(secret: string, parts: readonly string[]): string {
  return createHmac('sha256', secret)
    .update(['spine-request-v1', ...parts].join('\n'))
    .digest('hex');
}

function equal(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
