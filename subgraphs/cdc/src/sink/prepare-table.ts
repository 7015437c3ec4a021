import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { DeliveredTable } from '../domain/delivery.ts';
import { tableName } from './apply-statements.ts';
import { type ColumnPlan, columnPlans } from './column-plan.ts';
import { type Fence, inTransaction, lockEpoch } from './sink-state.ts';

const quote = pg.escapeIdentifier;

interface Standing {
  readonly owner: string | null;
  readonly complete: boolean;
  /** Columns of the table at the sink; null when there is no table. */
  readonly columns: ReadonlyMap<string, { readonly type: string; readonly notNull: boolean }> | null;
}

/**
 * Creates the sink table in the delivered shape, or brings it there: new columns are added, columns that the source no longer
 * has stay and become nullable. A table that is not this route's is touched only when it is empty and fits. Problems name the fix.
 */
export async function prepareTable(client: pg.Client, fence: Fence, table: DeliveredTable): Promise<void> {
  const { schema, table: name } = table.relation;
  const plans = columnPlans(table);
  await prepareTypes(client, plans);
  await inTransaction(client, async () => {
    await lockEpoch(client, fence);
    const standing = await readStanding(client, schema, name);
    if (standing.owner !== null && standing.owner !== fence.route) {
      throw conflict(
        schema,
        name,
        `the route ${standing.owner} already delivers it here`,
        'Give one of the routes another sink.',
      );
    }
    if (standing.columns === null) await createTable(client, schema, name, plans);
    else if (standing.owner === null) await adopt(client, schema, name, plans, standing.columns);
    else await evolve(client, schema, name, plans, standing);
    await client.query(
      `insert into _spine.route_table (route, schema_name, table_name, state, contract_version, columns)
       values ($1, $2, $3, 'prepared', $4, $5)
       on conflict (route, schema_name, table_name)
         do update set contract_version = excluded.contract_version, columns = excluded.columns`,
      [
        fence.route,
        schema,
        name,
        table.contractVersion,
        JSON.stringify(plans.map((plan) => ({ name: plan.name, type: plan.sinkType }))),
      ],
    );
  });
}

async function readStanding(client: pg.Client, schema: string, table: string): Promise<Standing> {
  const owned = await client.query<{ route: string; state: string }>(
    'select route, state from _spine.route_table where schema_name = $1 and table_name = $2',
    [schema, table],
  );
  const found = await client.query<{ name: string; type: string; not_null: boolean }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null
     from pg_class as c
     join pg_namespace as n on n.oid = c.relnamespace
     join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`,
    [schema, table],
  );
  return {
    owner: owned.rows[0]?.route ?? null,
    complete: owned.rows[0]?.state === 'complete',
    columns:
      found.rows.length === 0
        ? null
        : new Map(found.rows.map((row) => [row.name, { type: row.type, notNull: row.not_null }])),
  };
}

async function createTable(
  client: pg.Client,
  schema: string,
  table: string,
  plans: readonly ColumnPlan[],
): Promise<void> {
  await client.query(`create schema if not exists ${quote(schema)}`);
  const columns = plans.map(
    (plan) => `${quote(plan.name)} ${plan.sinkType}${plan.nullable ? '' : ' not null'}`,
  );
  const keys = plans.filter((plan) => plan.key).map((plan) => quote(plan.name));
  if (keys.length > 0) columns.push(`primary key (${keys.join(', ')})`);
  await client.query(`create table ${tableName(schema, table)} (${columns.join(', ')})`);
}

/** A table that somebody made before: taken over only when it is empty and has just these columns and this key. */
async function adopt(
  client: pg.Client,
  schema: string,
  table: string,
  plans: readonly ColumnPlan[],
  columns: NonNullable<Standing['columns']>,
): Promise<void> {
  const { rows } = await client.query(`select 1 from ${tableName(schema, table)} limit 1`);
  const fits =
    columns.size === plans.length && plans.every((plan) => columns.get(plan.name)?.type === plan.sinkType);
  const keyed = await hasKey(client, schema, table, plans);
  if (rows.length > 0 || !fits || !keyed) {
    throw conflict(
      schema,
      table,
      rows.length > 0
        ? 'it holds rows that no route delivered'
        : 'its columns or key are not those of the contract',
      'Rename or drop it at the sink, or take the table out of the route.',
    );
  }
}

async function hasKey(
  client: pg.Client,
  schema: string,
  table: string,
  plans: readonly ColumnPlan[],
): Promise<boolean> {
  const wanted = plans.filter((plan) => plan.key).map((plan) => plan.name);
  const { rows } = await client.query<{ columns: string[] }>(
    `select array_agg(a.attname::text order by a.attname) as columns
     from pg_index as i join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
     where i.indisprimary and i.indrelid = $1::regclass group by i.indexrelid`,
    [tableName(schema, table)],
  );
  return (rows[0]?.columns ?? []).join() === wanted.toSorted().join();
}

async function evolve(
  client: pg.Client,
  schema: string,
  table: string,
  plans: readonly ColumnPlan[],
  standing: Standing,
): Promise<void> {
  const target = tableName(schema, table);
  const columns = standing.columns ?? new Map<string, { type: string; notNull: boolean }>();
  const differs = plans.filter((plan) => {
    const there = columns.get(plan.name);
    return there !== undefined && there.type !== plan.sinkType;
  });
  const keyed = await hasKey(client, schema, table, plans);
  if (differs.length > 0 || !keyed) {
    if (standing.complete) {
      throw conflict(
        schema,
        table,
        differs.length > 0
          ? `${differs[0]?.name} is ${columns.get(differs[0]?.name ?? '')?.type} here and ${differs[0]?.sinkType} in the contract`
          : 'its primary key is not that of the contract',
        'Run `spine apply`: it copies the table again in its new shape.',
      );
    }
    // Ours, and about to be copied in full: made anew.
    await client.query(`drop table ${target}`);
    await createTable(client, schema, table, plans);
    return;
  }
  for (const plan of plans) {
    const there = columns.get(plan.name);
    if (there === undefined) {
      await client.query(`alter table ${target} add column ${quote(plan.name)} ${plan.sinkType}`);
    } else if (there.notNull && plan.nullable) {
      await client.query(`alter table ${target} alter column ${quote(plan.name)} drop not null`);
    }
  }
  const kept = new Set(plans.map((plan) => plan.name));
  for (const [name, { notNull }] of columns) {
    if (!kept.has(name) && notNull) {
      await client.query(`alter table ${target} alter column ${quote(name)} drop not null`);
    }
  }
}

/** Enums are created first and get new labels; a type that the sink does not know is a Problem. */
async function prepareTypes(client: pg.Client, plans: readonly ColumnPlan[]): Promise<void> {
  for (const plan of plans) {
    if (plan.sinkType === 'text') continue;
    const type = plan.sinkType.replace(/(\[\])+$/, '');
    const { rows } = await client.query<{ found: string | null }>('select to_regtype($1)::text as found', [
      type,
    ]);
    const known = rows[0]?.found != null;
    if (plan.enumLabels !== null) {
      if (!known) {
        const dot = type.lastIndexOf('.');
        if (dot > 0) await client.query(`create schema if not exists ${type.slice(0, dot)}`);
        const labels = plan.enumLabels.map((label) => pg.escapeLiteral(label)).join(', ');
        await client.query(`create type ${type} as enum (${labels})`);
      } else {
        for (const label of plan.enumLabels) {
          await client.query(`alter type ${type} add value if not exists ${pg.escapeLiteral(label)}`);
        }
      }
    } else if (!known) {
      throw new Problem(
        'SINK_TABLE_CONFLICT',
        `the sink does not know the type ${type} of the column ${plan.name}`,
        {
          fix: `Create it at the sink (create extension, or create type), or hash, mask or drop the column.`,
        },
      );
    }
  }
}

function conflict(schema: string, table: string, what: string, fix: string): Problem {
  return new Problem('SINK_TABLE_CONFLICT', `${schema}.${table} at the sink: ${what}`, { fix });
}
