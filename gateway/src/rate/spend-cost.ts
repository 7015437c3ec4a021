import { Problem } from '@spine/kernel/problem';
import type { Principal } from '@spine/platform/auth/principal';
import { createTokenBuckets } from './token-buckets.ts';

/** Takes the cost of an operation from the budget of who asks; throws RATE_LIMITED when there is not enough. */
export type SpendCost = (principal: Principal, cost: number) => void;

/**
 * Gives every principal a budget of cost that refills by the minute; 0 is no limit. The developer of dev mode has none:
 * everyone there is on this machine.
 */
export function createSpendCost(
  costPerMinute: number,
  now: () => number = () => performance.now(),
): SpendCost {
  if (costPerMinute === 0) return () => undefined;
  const buckets = createTokenBuckets({ perMinute: costPerMinute, now });
  return ({ kind, id }, cost) => {
    if (kind === 'dev') return;
    const seconds = buckets.take(`${kind} ${id}`, cost);
    if (seconds > 0) throw rateLimited(`${id} has spent the cost of this minute`, seconds);
  };
}

/** The refusal of who asks too often, with the time to wait. */
export function rateLimited(message: string, retryAfterSeconds: number): Problem {
  return new Problem('RATE_LIMITED', `${message}; come back in ${retryAfterSeconds} s`, {
    fix: 'Wait, then ask for less at once.',
    extensions: { retryAfterSeconds },
  });
}
