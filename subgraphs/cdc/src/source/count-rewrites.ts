import type { Relation } from '../domain/relation.ts';
import type { Query } from './source-session.ts';

/**
 * How many rows of each table were updated or deleted since its statistics began, by oid; partitions count for their root.
 * Rolled back changes count, too: a rise says that the table may have diverged, never by how much.
 */
export async function countRewrites(
  query: Query,
  relations: readonly Relation[],
): Promise<ReadonlyMap<number, bigint>> {
  if (relations.length === 0) return new Map();
  const rows = await query<{ oid: string; rewrites: string }>(
    `select root.oid::text as oid, coalesce(sum(stat.n_tup_upd + stat.n_tup_del), 0)::text as rewrites
     from unnest($1::oid[]) as root (oid)
     left join lateral (
       select relid from pg_partition_tree(root.oid::regclass) union select root.oid
     ) as part on true
     left join pg_stat_user_tables as stat on stat.relid = part.relid
     group by root.oid`,
    [relations.map((relation) => relation.oid)],
  );
  return new Map(rows.map((row) => [Number(row.oid), BigInt(row.rewrites)]));
}
