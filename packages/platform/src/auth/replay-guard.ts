import { Problem } from '@spine/kernel/problem';

/** Remembers what was signed within the window, so that nothing is accepted twice. */
export interface ReplayGuard {
  /**
   * Admits a genuine signature that was made at `time`. Throws UNAUTHENTICATED if its nonce was admitted before, and
   * SERVICE_UNAVAILABLE when more were admitted than can be remembered: one that is forgotten could be replayed.
   */
  admit(nonce: string, time: number, now: number): void;
  /** How many are remembered. */
  readonly size: number;
}

export interface ReplayGuardOptions {
  /** How far the time of a signature may be from ours, both ways. */
  readonly windowMs: number;
  /** How many signatures are remembered; 600,000 by default: 10,000 a second for twice the window, about 55 MB. */
  readonly capacity?: number;
}

/**
 * Creates an empty one. Nonces lie in buckets by the time of their signature, a window wide; a bucket is dropped as a
 * whole once its last signature is out of the window. So no timer runs, and nothing is forgotten that could still be replayed.
 */
export function createReplayGuard({ windowMs, capacity = 600_000 }: ReplayGuardOptions): ReplayGuard {
  const buckets = new Map<number, Set<string>>();
  let size = 0;

  function dropOld(now: number): void {
    for (const [bucket, nonces] of buckets) {
      if ((bucket + 2) * windowMs >= now) continue;
      buckets.delete(bucket);
      size -= nonces.size;
    }
  }

  return {
    admit(nonce, time, now) {
      const bucket = Math.floor(time / windowMs);
      let nonces = buckets.get(bucket);
      if (nonces === undefined) {
        dropOld(now);
        nonces = new Set();
        buckets.set(bucket, nonces);
      }
      if (nonces.has(nonce)) {
        throw new Problem('UNAUTHENTICATED', 'the signature of the service was used before', {
          fix: 'Sign each request anew, retries too.',
        });
      }
      if (size >= capacity) dropOld(now);
      if (size >= capacity) {
        throw new Problem('SERVICE_UNAVAILABLE', 'more signed requests come than can be told from replays', {
          fix: 'Ask again in a minute, or run more processes of this service.',
        });
      }
      nonces.add(nonce);
      size += 1;
    },
    get size() {
      return size;
    },
  };
}
