import type { RowDigest } from './row-digest.ts';

/** The content of one side, a few numbers for each bucket: rows, and two sums of digests in which order counts for nothing. */
export interface BucketSums {
  add(row: RowDigest): void;
  rows(): number;
  /** Buckets in which the other side has other content. */
  differing(other: BucketSums): readonly number[];
  at(bucket: number): string;
  buckets(): Iterable<number>;
}

/** Sums without rows. */
export function createBucketSums(): BucketSums {
  const sums = new Map<number, { count: number; high: bigint; low: bigint }>();
  let rows = 0;
  const at = (bucket: number): string => {
    const sum = sums.get(bucket);
    return sum === undefined ? 'empty' : `${sum.count}:${sum.high}:${sum.low}`;
  };
  return {
    add({ bucket, digest }) {
      rows += 1;
      const sum = sums.get(bucket) ?? { count: 0, high: 0n, low: 0n };
      sum.count += 1;
      sum.high += BigInt(`0x${digest.slice(0, 16)}`);
      sum.low += BigInt(`0x${digest.slice(16)}`);
      sums.set(bucket, sum);
    },
    rows: () => rows,
    at,
    buckets: () => sums.keys(),
    differing(other) {
      const all = new Set([...sums.keys(), ...other.buckets()]);
      return [...all].filter((bucket) => at(bucket) !== other.at(bucket)).sort((a, b) => a - b);
    },
  };
}
