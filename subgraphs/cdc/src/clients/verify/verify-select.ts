import pg from 'pg';
import type { DeliveredTable } from '../../domain/delivery.ts';
import { bucketCount } from '../../domain/verify/row-digest.ts';
import { quoteTable } from '../../sink/quote-name.ts';

/** What a side is asked for: digests that it computes itself, or all values as text where policy changes some of them. */
export interface VerifySelect {
  readonly kind: 'digests' | 'values';
  readonly text: string;
}

/** Rows as digests: bucket, digest and, when asked for, the key as text. */
export function selectDigests({ relation }: DeliveredTable, buckets: readonly number[] | null): VerifySelect {
  const all = relation.columns.map(({ name }) => asText(name));
  const key = relation.key.flatMap((index) => relation.columns[index] ?? []).map(({ name }) => asText(name));
  const placed = `md5(${lengthened(key.length === 0 ? all : key)})`;
  const where = buckets === null ? '' : `where bucket in (${buckets.map(Number).join(', ')})`;
  const shown = buckets === null || key.length === 0 ? 'null' : `concat_ws(', ', ${key.join(', ')})`;
  return {
    kind: 'digests',
    text: `select bucket, digest, key from (
      select (('x' || substr(placed, 1, 8))::bit(32)::bigint & 4294967295) % ${bucketCount} as bucket, digest, key
      from (select ${placed} as placed, md5(${lengthened(all)}) as digest, ${shown} as key
            from ${quoteTable(relation)}) rows) placed_rows ${where}`,
  };
}

/** Rows as the text of each column, in the order of the relation. */
export function selectValues({ relation }: DeliveredTable): VerifySelect {
  const columns = relation.columns.map(({ name }, index) => `${asText(name)} as c${index}`);
  return { kind: 'values', text: `select ${columns.join(', ')} from ${quoteTable(relation)}` };
}

function asText(name: string): string {
  return `${pg.escapeIdentifier(name)}::text`;
}

/** The form of `digestOf`, so that no two lists of values are one text. */
function lengthened(texts: readonly string[]): string {
  return texts
    .map(
      (text) => `case when ${text} is null then '-' else octet_length(${text})::text || ':' || ${text} end`,
    )
    .join(' || ');
}
