import { createLru } from '@spine/platform/lru';

/** Budgets that refill steadily, one for each key. */
export interface TokenBuckets {
  /** The seconds until the key could take the amount; 0: now. */
  wait(key: string, amount: number): number;
  /** Takes from the key's bucket: 0 when it could, else the seconds until it could. Takes nothing then. */
  take(key: string, amount: number): number;
}

export interface BucketOptions {
  /** What flows in within a minute, and what a full bucket holds. */
  readonly perMinute: number;
  /** A clock in milliseconds that only goes forward. */
  readonly now: () => number;
  /** Keys remembered. Who was not seen for longest is forgotten first, and by then its bucket is as good as full. */
  readonly keys?: number;
}

/** Creates full buckets. An amount larger than a bucket is taken from a full one, which then owes the rest. */
export function createTokenBuckets({ perMinute, now, keys = 10_000 }: BucketOptions): TokenBuckets {
  const buckets = createLru<string, { level: number; at: number }>(keys);
  const perMs = perMinute / 60_000;

  function levelOf(key: string): number {
    const at = now();
    const bucket = buckets.get(key) ?? { level: perMinute, at };
    return Math.min(perMinute, bucket.level + (at - bucket.at) * perMs);
  }
  function secondsUntil(level: number, amount: number): number {
    const missing = Math.min(amount, perMinute) - level;
    return missing <= 0 ? 0 : Math.max(1, Math.ceil(missing / perMs / 1000));
  }

  return {
    wait: (key, amount) => secondsUntil(levelOf(key), amount),
    take(key, amount) {
      const level = levelOf(key);
      const seconds = secondsUntil(level, amount);
      if (seconds === 0) buckets.set(key, { level: level - amount, at: now() });
      return seconds;
    },
  };
}
