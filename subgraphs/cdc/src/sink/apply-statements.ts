import { createHash } from 'node:crypto';
import pg from 'pg';
import type { ColumnPlan } from './column-plan.ts';
import type { WrittenColumns } from './write-columns.ts';

/** A statement for `pg`; its name lets the server keep the plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Who may write: checked by every statement, so that a stale worker changes nothing. */
export interface Guard {
  readonly route: string;
  readonly epoch: bigint;
  readonly lsn: string;
}

const quote = pg.escapeIdentifier;

/** `"schema"."table"`. */
export function tableName(schema: string, table: string): string {
  return `${quote(schema)}.${quote(table)}`;
}

/** True for the one transaction that has moved the checkpoint to this batch's end under this epoch. */
function guardSql(first: number): string {
  return `exists (select from _spine.checkpoint where route = $${first} and epoch = $${first + 1}::int8 and lsn = $${first + 2}::pg_lsn)`;
}

function guardValues({ route, epoch, lsn }: Guard): readonly unknown[] {
  return [route, String(epoch), lsn];
}

/** The fence: moves the checkpoint and counts the changes, if the epoch is ours and the end lies ahead. One row, or nothing may be written. */
export function fenceStatement(guard: Guard, changes: number): Statement {
  return statement(
    `update _spine.checkpoint set lsn = $3::pg_lsn, changes = changes + $4::int8, updated_at = clock_timestamp()
     where route = $1 and epoch = $2::int8 and lsn < $3::pg_lsn`,
    [...guardValues(guard), changes],
  );
}

/** Deletes rows by key. */
export function deleteStatement(
  table: string,
  keys: readonly ColumnPlan[],
  columns: WrittenColumns,
  guard: Guard,
): Statement {
  return statement(
    `delete from ${table} as t using ${unnest(keys, columns, 'd')} where ${matches(keys, columns, 'd')} and ${guardSql(columns.arrays.length + 1)}`,
    [...columns.arrays, ...guardValues(guard)],
  );
}

/** Inserts rows; where there is a key, a row that is there takes the new values. */
export function putStatement(
  table: string,
  plans: readonly ColumnPlan[],
  columns: WrittenColumns,
  guard: Guard,
): Statement {
  const names = plans.map((plan) => quote(plan.name)).join(', ');
  return statement(
    `insert into ${table} (${names}) overriding system value
     select ${plans.map((plan, place) => castColumn(plan, columns, place, 'p')).join(', ')} from ${unnest(plans, columns, 'p')}
     where ${guardSql(columns.arrays.length + 1)}${conflictClause(plans)}`,
    [...columns.arrays, ...guardValues(guard)],
  );
}

/** Updates the columns that were sent; the row keeps the others. */
export function updateStatement(
  table: string,
  plans: readonly ColumnPlan[],
  columns: WrittenColumns,
  guard: Guard,
): Statement | null {
  const keys = plans.filter((plan) => plan.key);
  const sets = plans.flatMap((plan, place) =>
    plan.key ? [] : [`${quote(plan.name)} = ${castColumn(plan, columns, place, 'u')}`],
  );
  if (sets.length === 0) return null;
  const on = keys.map((plan) => {
    const place = plans.indexOf(plan);
    return `t.${quote(plan.name)} = ${castColumn(plan, columns, place, 'u')}`;
  });
  return statement(
    `update ${table} as t set ${sets.join(', ')} from ${unnest(plans, columns, 'u')}
     where ${on.join(' and ')} and ${guardSql(columns.arrays.length + 1)}`,
    [...columns.arrays, ...guardValues(guard)],
  );
}

/** Gives rows another key; their other values stay. */
export function renameStatement(
  table: string,
  keys: readonly ColumnPlan[],
  from: WrittenColumns,
  to: WrittenColumns,
  guard: Guard,
): Statement {
  const count = keys.length;
  const lists = [
    ...from.types.map((type, place) => `$${place + 1}::${type}[]`),
    ...to.types.map((type, place) => `$${count + place + 1}::${type}[]`),
  ];
  const names = [...keys.map((_, place) => `o${place}`), ...keys.map((_, place) => `c${place}`)];
  const sets = keys.map((plan, place) => `${quote(plan.name)} = r.c${place}::${plan.sinkType}`);
  const on = keys.map((plan, place) => `t.${quote(plan.name)} = r.o${place}::${plan.sinkType}`);
  return statement(
    `update ${table} as t set ${sets.join(', ')} from unnest(${lists.join(', ')}) as r (${names.join(', ')})
     where ${on.join(' and ')} and ${guardSql(2 * count + 1)}`,
    [...from.arrays, ...to.arrays, ...guardValues(guard)],
  );
}

/** Inserts or upserts from the stage, a temporary table of the same columns. */
export function putFromStage(
  table: string,
  stage: string,
  plans: readonly ColumnPlan[],
  guard: Guard,
): Statement {
  const names = plans.map((plan) => quote(plan.name)).join(', ');
  return statement(
    `insert into ${table} (${names}) overriding system value
     select ${names} from ${stage} where ${guardSql(1)}${conflictClause(plans)}`,
    guardValues(guard),
  );
}

/** Updates the sent columns from the stage. */
export function updateFromStage(
  table: string,
  stage: string,
  plans: readonly ColumnPlan[],
  guard: Guard,
): Statement | null {
  const sets = plans.flatMap((plan) => (plan.key ? [] : [`${quote(plan.name)} = s.${quote(plan.name)}`]));
  if (sets.length === 0) return null;
  const on = plans.flatMap((plan) => (plan.key ? [`t.${quote(plan.name)} = s.${quote(plan.name)}`] : []));
  return statement(
    `update ${table} as t set ${sets.join(', ')} from ${stage} as s where ${on.join(' and ')} and ${guardSql(1)}`,
    guardValues(guard),
  );
}

function conflictClause(plans: readonly ColumnPlan[]): string {
  const keys = plans.filter((plan) => plan.key);
  if (keys.length === 0) return '';
  const sets = plans.flatMap((plan) =>
    plan.key ? [] : [`${quote(plan.name)} = excluded.${quote(plan.name)}`],
  );
  const target = keys.map((plan) => quote(plan.name)).join(', ');
  return ` on conflict (${target}) do ${sets.length === 0 ? 'nothing' : `update set ${sets.join(', ')}`}`;
}

function unnest(plans: readonly ColumnPlan[], columns: WrittenColumns, alias: string): string {
  const lists = columns.types.map((type, place) => `$${place + 1}::${type}[]`);
  return `unnest(${lists.join(', ')}) as ${alias} (${plans.map((_, place) => `c${place}`).join(', ')})`;
}

function castColumn(plan: ColumnPlan, columns: WrittenColumns, place: number, alias: string): string {
  return columns.types[place] === plan.sinkType
    ? `${alias}.c${place}`
    : `${alias}.c${place}::${plan.sinkType}`;
}

function matches(keys: readonly ColumnPlan[], columns: WrittenColumns, alias: string): string {
  return keys
    .map((plan, place) => `t.${quote(plan.name)} = ${castColumn(plan, columns, place, alias)}`)
    .join(' and ');
}

function statement(text: string, values: readonly unknown[]): Statement {
  return { name: createHash('sha1').update(text).digest('base64url'), text, values };
}
