/**
 * One row per column that pgoutput sends of the tables $1 (oids): not dropped, not generated, in order. The base of a domain
 * is found at the end of its chain with the modifier that the last domain gives; labels are those of an enum, wherever it hides.
 */
export const columnsQuery = `
  with recursive attribute as (
    select a.attrelid, a.attname, a.attnum, a.atttypid, a.atttypmod, a.attnotnull
    from pg_attribute as a
    where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  ), ${typeDescription('select distinct atttypid, atttypmod from attribute')}
  select a.attrelid::int8 as table_oid, a.attname as name, a.attnum as number, a.attnotnull as not_null,
         a.atttypid::int8 as type_oid, a.atttypmod as type_modifier, d.type_text, d.type_kind, d.type_category,
         d.base_oid, d.base_text, d.labels
  from attribute as a join described as d on d.type_oid = a.atttypid and d.type_modifier = a.atttypmod
  order by a.attrelid, a.attnum`;

/** What the catalogue knows of the types $1 (oids) with the modifiers $2: for columns that are no longer there. */
export const typesQuery = `
  with recursive ${typeDescription('select distinct * from unnest($1::oid[], $2::int4[]) as asked (atttypid, atttypmod)')}
  select type_oid::int8 as type_oid, type_modifier, type_text, type_kind, type_category, base_oid, base_text, labels
  from described`;

/** Common table expressions `chain` and `described` over the pairs (type, modifier) of a query. */
function typeDescription(pairs: string): string {
  return `
  pair (type_oid, type_modifier) as (${pairs}),
  chain (type_oid, base_oid, base_modifier, kind, element, depth) as (
    select t.oid, t.oid, -1, t.typtype, t.typelem, 0
    from pg_type as t where t.oid in (select type_oid from pair)
    union all
    select chain.type_oid, base.oid, domain.typtypmod, base.typtype, base.typelem, chain.depth + 1
    from chain
    join pg_type as domain on domain.oid = chain.base_oid and domain.typtype = 'd'
    join pg_type as base on base.oid = domain.typbasetype
  ),
  described as (
    select p.type_oid, p.type_modifier, format_type(p.type_oid, p.type_modifier) as type_text,
           t.typtype as type_kind, t.typcategory as type_category,
           case when t.typtype = 'd' then last.base_oid::int8 end as base_oid,
           case when t.typtype = 'd' then format_type(last.base_oid, last.base_modifier) end as base_text,
           (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum as e
            where e.enumtypid = last.base_oid or e.enumtypid = last.element) as labels
    from pair as p
    join pg_type as t on t.oid = p.type_oid
    join lateral (
      select base_oid, base_modifier, element from chain
      where chain.type_oid = p.type_oid order by depth desc limit 1
    ) as last on true
  )`;
}

/**
 * One row per table of $1 (oids; null for every table that users own): what it is, how it identifies old rows, and the
 * columns of its primary key and of its identity index. `partitions_agree` says whether every partition identifies old rows
 * as its root promises: changes come under the root's name, but what the old row holds is decided by the partition.
 */
export const tablesQuery = `
  select c.oid::int8 as oid, n.nspname as schema_name, c.relname as table_name, c.relkind as kind,
         c.relpersistence as persistence, c.relispartition as is_partition, c.relreplident as identity,
         pg_get_userbyid(c.relowner) as owner,
         pg_has_role(c.relowner, 'usage') as owned,
         (select (string_to_array(i.indkey::text, ' ')::int2[])[1:i.indnkeyatts] from pg_index as i
          where i.indrelid = c.oid and i.indisprimary and i.indisvalid limit 1) as primary_key,
         (select i.indimmediate from pg_index as i
          where i.indrelid = c.oid and i.indisprimary and i.indisvalid limit 1) as primary_immediate,
         (select (string_to_array(i.indkey::text, ' ')::int2[])[1:i.indnkeyatts] from pg_index as i
          where i.indrelid = c.oid and i.indisreplident and i.indisvalid limit 1) as identity_index,
         c.relkind <> 'p' or not exists (
           select from pg_partition_tree(c.oid) as leaf
           join pg_class as l on l.oid = leaf.relid
           where leaf.isleaf and l.relkind = 'r' and l.relreplident <> 'f' and (
             l.relreplident <> c.relreplident or l.relreplident <> 'd' or not exists (
               select from pg_index as i
               where i.indrelid = l.oid and i.indisprimary and i.indimmediate and i.indisvalid))
         ) as partitions_agree,
         size.tuples, size.bytes
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  cross join lateral (
    select case when bool_or(s.reltuples < 0) then null else coalesce(sum(s.reltuples), 0)::float8 end as tuples,
           coalesce(sum(pg_relation_size(s.oid)), 0)::float8 as bytes
    from pg_class as s
    where s.oid = c.oid and c.relkind <> 'p'
       or c.relkind = 'p' and s.oid in (select relid from pg_partition_tree(c.oid) where isleaf)
  ) as size
  where c.relkind in ('r', 'p')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and ($1::oid[] is null or c.oid = any($1::oid[]))
  order by n.nspname, c.relname`;
