import { createHash } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import type { Authenticator, Caller } from '@spine/platform/auth/authenticate';
import { createLru } from '@spine/platform/lru';
import { rateLimited } from './spend-cost.ts';
import { createTokenBuckets } from './token-buckets.ts';

export interface FailureLimit {
  /** Refused proofs from one address within a minute; 0: no limit. */
  readonly perMinute: number;
  readonly now?: () => number;
}

/**
 * The same authenticator, which after too many refused proofs from one address does not look at more of them for a while
 * (RATE_LIMITED). A credential that was accepted before is looked at nevertheless: behind one proxy the guesses of one
 * caller do not lock the others out.
 */
export function limitFailures(
  authenticator: Authenticator,
  { perMinute, now = () => performance.now() }: FailureLimit,
): Authenticator {
  if (perMinute === 0) return authenticator;
  const failures = createTokenBuckets({ perMinute, now });
  const accepted = createLru<string, true>(10_000);
  return {
    ...authenticator,
    async authenticate(caller) {
      const address = caller.remoteAddress ?? 'unknown';
      const credential = markOf(caller);
      if (credential === null || !accepted.get(credential)) {
        const seconds = failures.wait(address, 1);
        if (seconds > 0) throw rateLimited('too many refused proofs of identity from this address', seconds);
      }
      try {
        const principal = await authenticator.authenticate(caller);
        if (credential !== null) accepted.set(credential, true);
        return principal;
      } catch (error) {
        if (error instanceof Problem && error.code === 'UNAUTHENTICATED') failures.take(address, 1);
        throw error;
      }
    },
  };
}

/** Names what a caller proves itself by without keeping it. */
function markOf({ headers: { authorization } }: Caller): string | null {
  return typeof authorization === 'string'
    ? createHash('sha256').update(authorization).digest('base64')
    : null;
}
