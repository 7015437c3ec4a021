import { createHash } from 'node:crypto';

/** A row as two sides compare it: its digest, and where it belongs. */
export interface RowDigest {
  readonly bucket: number;
  /** MD5 of the row as text, in hex. */
  readonly digest: string;
  /** The key as text, for people; null where the table has none. */
  readonly key: string | null;
}

/** Rows are told apart in this many groups, so that only a few must be looked at closely. */
export const bucketCount = 4096;

/** MD5 of values as text: `length:text` of each, `-` for null. The SQL of a side computes the same (verify-select.ts). */
export function digestOf(values: readonly (string | null)[]): string {
  const hash = createHash('md5');
  for (const value of values) {
    hash.update(value === null ? '-' : `${Buffer.byteLength(value)}:`);
    if (value !== null) hash.update(value);
  }
  return hash.digest('hex');
}

/** The bucket that a digest falls into. */
export function bucketOf(digest: string): number {
  return Number.parseInt(digest.slice(0, 8), 16) % bucketCount;
}
