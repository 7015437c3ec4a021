import type pg from 'pg';

/** A column as it stands at the sink. */
export interface FoundColumn {
  readonly name: string;
  readonly typeOid: number;
  /** Type with its modifier. */
  readonly typeText: string;
  /** The type without a modifier, fit for a cast: never `character`, which would be char(1). */
  readonly castType: string;
  readonly notNull: boolean;
  readonly generated: boolean;
  /** The equality of the type's own index order, with its schema: citext's is not text's. */
  readonly equals: string;
  /** unnest() would take these apart. */
  readonly composed: boolean;
}

/** A relation as it stands at the sink. */
export interface FoundTable {
  /** pg_class.relkind: r table, p partitioned table, others are none of ours. */
  readonly kind: string;
  readonly columns: readonly FoundColumn[];
  /** Names of the primary key's columns; empty without one. */
  readonly key: readonly string[];
  readonly keyConstraint: string | null;
}

/** Reads what stands under this name; null when nothing does. */
export async function findTable(
  client: pg.Client,
  schema: string,
  table: string,
): Promise<FoundTable | null> {
  const { rows: relations } = await client.query<{
    oid: string;
    kind: string;
    key: string[] | null;
    key_constraint: string | null;
  }>(
    `select c.oid::int8::text as oid, c.relkind as kind,
            (select p.conname from pg_constraint as p
             where p.conrelid = c.oid and p.contype = 'p') as key_constraint,
            (select array_agg(a.attname::text order by k.place)
             from pg_constraint as p
             cross join unnest(p.conkey) with ordinality as k (number, place)
             join pg_attribute as a on a.attrelid = p.conrelid and a.attnum = k.number
             where p.conrelid = c.oid and p.contype = 'p') as key
     from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2`,
    [schema, table],
  );
  const relation = relations[0];
  if (relation === undefined) return null;
  const { rows } = await client.query<{
    name: string;
    type_oid: string;
    type_text: string;
    cast_type: string;
    not_null: boolean;
    generated: boolean;
    equals: string;
    composed: boolean;
  }>(
    `select a.attname as name, a.atttypid::int8::text as type_oid,
            format_type(a.atttypid, a.atttypmod) as type_text, format_type(a.atttypid, -1) as cast_type,
            a.attnotnull as not_null, a.attgenerated <> '' as generated,
            t.typcategory = 'A' or t.typtype = 'c' as composed,
            coalesce(
              (select 'operator(' || quote_ident(n.nspname) || '.' || o.oprname || ')'
               from pg_opclass as class
               join pg_am as method on method.oid = class.opcmethod and method.amname = 'btree'
               join pg_amop as member on member.amopfamily = class.opcfamily and member.amopstrategy = 3
                 and member.amoplefttype = class.opcintype and member.amoprighttype = class.opcintype
               join pg_operator as o on o.oid = member.amopopr
               join pg_namespace as n on n.oid = o.oprnamespace
               where class.opcintype = a.atttypid and class.opcdefault),
              'operator(pg_catalog.=)') as equals
     from pg_attribute as a join pg_type as t on t.oid = a.atttypid
     where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
     order by a.attnum`,
    [relation.oid],
  );
  return {
    kind: relation.kind,
    key: relation.key ?? [],
    keyConstraint: relation.key_constraint,
    columns: rows.map((row) => ({
      name: row.name,
      typeOid: Number(row.type_oid),
      typeText: row.type_text,
      castType: row.cast_type,
      notNull: row.not_null,
      generated: row.generated,
      equals: row.equals,
      composed: row.composed,
    })),
  };
}
