import type { Kysely, Transaction } from 'kysely';
import type { TableState } from '../domain/route-state.ts';
import { tableStates } from '../domain/route-state.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

export interface RouteTable {
  readonly route: string;
  readonly schema: string;
  readonly table: string;
  readonly state: TableState;
  readonly reason: string | null;
  readonly contractVersion: number | null;
  readonly rowsCopied: bigint;
  readonly rowsEstimated: bigint | null;
  /** Names the obligations under which the table was copied. */
  readonly shape: string | null;
  /** Somebody asked for it to be copied in full again, and the copy has not begun. */
  readonly recopy: boolean;
}

export interface RouteTableChange {
  readonly state: TableState;
  readonly reason?: string | null;
  readonly contractVersion?: number;
  readonly rowsCopied?: number | bigint;
  readonly rowsEstimated?: number | bigint;
  readonly shape?: string;
  readonly recopy?: boolean;
}

/** Sets where a table of a route stands; fields not named keep their value. */
export async function saveTable(
  db: Db,
  key: { readonly route: string; readonly schema: string; readonly table: string },
  change: RouteTableChange,
): Promise<void> {
  const values = {
    state: change.state,
    reason: change.reason ?? null,
    updated_at: new Date(),
    ...(change.contractVersion !== undefined && { contract_version: change.contractVersion }),
    ...(change.rowsCopied !== undefined && { rows_copied: change.rowsCopied }),
    ...(change.rowsEstimated !== undefined && { rows_estimated: change.rowsEstimated }),
    ...(change.shape !== undefined && { shape: change.shape }),
    ...(change.recopy !== undefined && { recopy: change.recopy }),
  };
  await db
    .insertInto('route_table')
    .values({ route: key.route, schema_name: key.schema, table_name: key.table, ...values })
    .onConflict((conflict) => conflict.columns(['route', 'schema_name', 'table_name']).doUpdateSet(values))
    .execute();
}

/** Tables of the named routes (all when none is named), by name. */
export async function listTables(db: Db, routes?: readonly string[]): Promise<readonly RouteTable[]> {
  const rows = await db
    .selectFrom('route_table')
    .select([
      'route',
      'schema_name',
      'table_name',
      'state',
      'reason',
      'contract_version',
      'rows_copied',
      'rows_estimated',
      'shape',
      'recopy',
    ])
    .$if(routes !== undefined, (query) => query.where('route', 'in', [...(routes ?? [])]))
    .orderBy('route')
    .orderBy('schema_name')
    .orderBy('table_name')
    .execute();
  return rows.map((row) => ({
    route: row.route,
    schema: row.schema_name,
    table: row.table_name,
    state: parseTableState(row.state),
    reason: row.reason,
    contractVersion: row.contract_version,
    rowsCopied: row.rows_copied,
    rowsEstimated: row.rows_estimated,
    shape: row.shape,
    recopy: row.recopy,
  }));
}

/** Forgets tables that a route no longer has. */
export async function keepTables(
  db: Db,
  route: string,
  kept: readonly { readonly schema: string; readonly table: string }[],
): Promise<void> {
  const names = new Set(kept.map(({ schema, table }) => `${schema}.${table}`));
  for (const row of await listTables(db, [route])) {
    if (names.has(`${row.schema}.${row.table}`)) continue;
    await db
      .deleteFrom('route_table')
      .where('route', '=', route)
      .where('schema_name', '=', row.schema)
      .where('table_name', '=', row.table)
      .execute();
  }
}

function parseTableState(text: string): TableState {
  const state = tableStates.find((known) => known === text);
  if (state === undefined) throw new Error(`cdc.route_table holds the unknown state ${text}`);
  return state;
}
