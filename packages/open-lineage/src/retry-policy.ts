/** What to do after an attempt: give up, or send again after `waitMs`. */
export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly waitMs: number };

export interface RetryPolicy {
  /** Attempts in total, the first included. */
  readonly attempts: number;
  /** Wait before the second attempt; it doubles with each further one. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/** The attempts of the OpenLineage clients: five in total, from 300 ms on. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 5, baseMs: 300, maxMs: 10_000 };

const transientStatus: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const aboutThePace: ReadonlySet<number> = new Set([429, 503]);

/**
 * Decides whether an event is sent again. A connection that failed and 500, 502, 503, 504 are worth it, and 429 when it
 * says how long to wait. Every other answer is about the event itself and stands: 413 too, whatever header it carries.
 */
export function decideRetry(
  outcome: { readonly status: number | null; readonly retryAfter: string | null },
  attempt: number,
  policy: RetryPolicy,
  { now, random }: { readonly now: number; readonly random: number },
): RetryDecision {
  if (attempt >= policy.attempts) return { retry: false };
  const { status } = outcome;
  const asked = status !== null && aboutThePace.has(status) ? parseRetryAfter(outcome.retryAfter, now) : null;
  if (status !== null && !transientStatus.has(status) && asked === null) return { retry: false };
  if (asked !== null) return { retry: true, waitMs: Math.min(asked, policy.maxMs) };
  const full = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
  // Half of it is jitter, or clients that failed together would come back together.
  return { retry: true, waitMs: full / 2 + (full / 2) * random };
}

/** Milliseconds of a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3). Null when it says neither. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
