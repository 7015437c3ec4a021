import { Problem } from '@spine/kernel/problem';
import type { Principal } from './principal.ts';

/** How far the clocks of a provider, the gateway and a service may be apart when a proof ends. */
export const clockToleranceMs = 5_000;

/** Throws UNAUTHENTICATED once the proof of who they are has ended. */
export function assertNotExpired({ expiresAt }: Pick<Principal, 'expiresAt'>, now: Date): void {
  if (expiresAt === null || now.getTime() < expiresAt.getTime() + clockToleranceMs) return;
  throw expired();
}

/** What whoever asks, or listens, on a proof that has ended is told. */
export function expired(): Problem {
  return new Problem('UNAUTHENTICATED', 'the token has expired', { fix: 'Ask again with a fresh token.' });
}
