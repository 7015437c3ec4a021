import pg from 'pg';
import type { PlannedColumn, TablePlan } from './table-plan.ts';

/** A column of the rows that a statement works on. `alias` is how the statement calls it. */
export interface RowColumn {
  readonly column: PlannedColumn;
  readonly alias: string;
  readonly asText: boolean;
}

/** How a statement calls a value of a row, and the key that a row had before a rename. */
export const valueAlias = (column: PlannedColumn): string => `c${column.index}`;
export const oldKeyAlias = (column: PlannedColumn): string => `o${column.index}`;

/**
 * True as long as the checkpoint is the one that this transaction has just written under its own epoch. Every statement asks it,
 * so that even one that got past the fence would touch no row. Parameters 1 to 3 are route, epoch and the batch's end.
 */
const guard =
  'exists (select from _spine.checkpoint where route = $1 and epoch = $2::int8 and lsn = $3::pg_lsn)';
/** Parameters of the rows begin here. */
const firstParameter = 4;

/** The fence, first in each transaction: one row when the epoch is ours and the batch is ahead of the checkpoint, else none. */
export const fenceStatement = `update _spine.checkpoint
  set lsn = $3::pg_lsn, changes = changes + $4::int8, updated_at = clock_timestamp()
  where route = $1 and epoch = $2::int8 and lsn < $3::pg_lsn`;

/**
 * Writes whole rows: inserts them, or puts them over those of the same key. A table that was taken over empty may have an
 * identity column: its values are the source's.
 */
export function putRowsStatement(plan: TablePlan, row: readonly RowColumn[]): string {
  const names = row.map(({ column }) => pg.escapeIdentifier(column.name)).join(', ');
  const insert = `insert into ${plan.target} (${names}) overriding system value select ${row.map(value).join(', ')} from ${rows(plan, row)} where ${guard}`;
  if (plan.key.length === 0) return insert;
  const updated = row
    .filter(({ column }) => !plan.key.includes(column))
    .map(({ column }) => pg.escapeIdentifier(column.name))
    .map((name) => `${name} = excluded.${name}`);
  const action = updated.length === 0 ? 'nothing' : `update set ${updated.join(', ')}`;
  return `${insert} on conflict (${keyNames(plan)}) do ${action}`;
}

/** Updates the columns that the rows bring and leaves the others as they are. */
export function updateRowsStatement(plan: TablePlan, row: readonly RowColumn[]): string {
  const updated = row
    .filter(({ column }) => !plan.key.includes(column))
    .map((entry) => `${pg.escapeIdentifier(entry.column.name)} = ${value(entry)}`);
  return `update ${plan.target} as t set ${updated.join(', ')} from ${rows(plan, row)} where ${sameKey(plan, row, valueAlias)} and ${guard}`;
}

/** Deletes the rows of these keys. */
export function deleteRowsStatement(plan: TablePlan, row: readonly RowColumn[]): string {
  return `delete from ${plan.target} as t using ${rows(plan, row)} where ${sameKey(plan, row, valueAlias)} and ${guard}`;
}

/** Gives rows another key; their other columns stay. `row` has the new key and the old one. */
export function renameRowsStatement(plan: TablePlan, row: readonly RowColumn[]): string {
  const updated = row
    .filter(({ column, alias }) => alias === valueAlias(column))
    .map((entry) => `${pg.escapeIdentifier(entry.column.name)} = ${value(entry)}`);
  return `update ${plan.target} as t set ${updated.join(', ')} from ${rows(plan, row)} where ${sameKey(plan, row, oldKeyAlias)} and ${guard}`;
}

function sameKey(
  plan: TablePlan,
  row: readonly RowColumn[],
  aliasOf: (column: PlannedColumn) => string,
): string {
  return plan.key
    .flatMap((column) => row.filter((entry) => entry.column === column && entry.alias === aliasOf(column)))
    .map((entry) => `t.${pg.escapeIdentifier(entry.column.name)} ${entry.column.equals} ${value(entry)}`)
    .join(' and ');
}

/** The rows: one array a column, or the stage that was filled before. */
function rows(plan: TablePlan, row: readonly RowColumn[]): string {
  if (plan.stage !== null) return `${plan.stage} as v`;
  const arrays = row.map(
    ({ column, asText }, place) => `$${firstParameter + place}::${asText ? 'text' : column.castType}[]`,
  );
  return `unnest(${arrays.join(', ')}) as v (${row.map(({ alias }) => alias).join(', ')})`;
}

function value({ column, alias, asText }: RowColumn): string {
  return asText ? `v.${alias}::${column.castType}` : `v.${alias}`;
}

function keyNames(plan: TablePlan): string {
  return plan.key.map((column) => pg.escapeIdentifier(column.name)).join(', ');
}
