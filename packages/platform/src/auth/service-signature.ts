import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { type Claims, encodeClaims, type ReadClaims } from './claims.ts';
import { assertNotExpired } from './expiry.ts';
import { type Principal, servicePrincipal } from './principal.ts';
import type { ReplayGuard } from './replay-guard.ts';
import { secretsOf } from './service-secret.ts';

/** The headers that prove which of our services asks, and for whom. */
export const signatureHeaders = {
  service: 'spine-service',
  time: 'spine-time',
  nonce: 'spine-nonce',
  claims: 'spine-claims',
  signature: 'spine-signature',
} as const;

/** How far the time of a signature may be from ours, both ways. */
export const signatureWindowMs = 30_000;

export interface SignRequest {
  /** SPINE_SERVICE_SECRET; of two the first signs. */
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
  /** What makes this signature another than every other one; random unless given. */
  readonly nonce?: string;
}

/** Headers as Node gives them: lower-case names. */
export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a process that is asked knows: the secrets, what it was asked before, and the time. */
export interface Verifier {
  /** SPINE_SERVICE_SECRET; of two both are accepted. */
  readonly secret: string;
  readonly replays: ReplayGuard;
  readonly readClaims: ReadClaims;
  readonly now: Date;
}

export interface VerifyRequest extends Verifier {
  readonly headers: IncomingHeaders;
  readonly method: string;
  readonly path: string;
  /** `hashBody` of the bytes as they arrived. */
  readonly bodyHash: string;
}

/** SHA-256 of a body, hex; of nothing when there is none. */
export function hashBody(body: string | Uint8Array | undefined): string {
  return createHash('sha256')
    .update(body ?? '')
    .digest('hex');
}

/**
 * The headers that sign a request: HMAC-SHA-256 over service, method, path, time, nonce, body hash and claims. Good for
 * one request: whoever asks again signs again.
 */
export function signRequest(request: SignRequest): Record<string, string> {
  const { secret, service, method, path, body, claims, now, nonce = randomUUID() } = request;
  const [signing] = secretsOf(secret);
  const time = now.toISOString();
  const encoded = claims === undefined ? '' : encodeClaims(claims);
  const parts = [service, method, path, time, nonce, hashBody(body), encoded];
  return {
    [signatureHeaders.service]: service,
    [signatureHeaders.time]: time,
    [signatureHeaders.nonce]: nonce,
    ...(encoded === '' ? {} : { [signatureHeaders.claims]: encoded }),
    [signatureHeaders.signature]: hmac(signing, parts),
  };
}

/** Whether a request claims to be signed; then it must be verified, whatever else it carries. */
export function isSigned(headers: IncomingHeaders): boolean {
  return headers[signatureHeaders.signature] !== undefined;
}

/**
 * The principal of a signed request. Throws UNAUTHENTICATED if anything of it was altered, it is out of the time window,
 * it was seen before, or the principal's own proof has ended.
 */
export function verifyRequest(request: VerifyRequest): Principal {
  const { secret, replays, readClaims, headers, method, path, bodyHash, now } = request;
  const read = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const service = read(signatureHeaders.service);
  const time = read(signatureHeaders.time);
  const nonce = read(signatureHeaders.nonce);
  const claims = read(signatureHeaders.claims);
  const given = read(signatureHeaders.signature);
  const parts = [service, method, path, time, nonce, bodyHash, claims];
  const genuine = secretsOf(secret).some((one) => equal(hmac(one, parts), given));
  if (service === '' || nonce.length < 16 || !genuine) {
    throw new Problem('UNAUTHENTICATED', 'the signature of the service does not fit the request', {
      fix: 'Give every service the same SPINE_SERVICE_SECRET, and let no proxy change the path or the body.',
    });
  }
  // The signature covers the time, so what is parsed here is what the service wrote.
  const signedAt = Date.parse(time);
  if (!(Math.abs(now.getTime() - signedAt) <= signatureWindowMs)) {
    throw new Problem('UNAUTHENTICATED', 'the signature of the service is out of its 30 s window', {
      fix: 'Sign each request when it is sent, and keep the clocks of the machines together.',
    });
  }
  replays.admit(nonce, signedAt, now.getTime());
  if (claims === '') return servicePrincipal(service);
  const principal = readClaims(claims);
  assertNotExpired(principal, now);
  return principal;
}

function hmac(secret: string, parts: readonly string[]): string {
  return createHmac('sha256', secret)
    .update(['spine-request-v2', ...parts].join('\n'))
    .digest('hex');
}

function equal(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
