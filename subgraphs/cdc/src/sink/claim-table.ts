import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { DeliveredTable } from '../domain/delivery.ts';
import { tableKey } from '../domain/relation.ts';

/**
 * `ours`: the table stands complete, its rows are to be kept. `refill`: it is this route's, and is copied anew before anything
 * is read from it. `new`: no route has delivered into it.
 */
export type Claim = 'ours' | 'refill' | 'new';

/** Makes the table this route's, for one table is fed by one route; throws Problem when it is another's. */
export async function claimTable(client: pg.Client, route: string, table: DeliveredTable): Promise<Claim> {
  const { relation, contractVersion } = table;
  const { rowCount } = await client.query(
    `insert into _spine.route_table (route, schema_name, table_name, state) values ($1, $2, $3, 'prepared')
     on conflict do nothing`,
    [route, relation.schema, relation.table],
  );
  const { rows } = await client.query<{ route: string; state: string }>(
    `update _spine.route_table set
       contract_version = case when route = $3 then $4::int else contract_version end,
       columns = case when route = $3 then $5::jsonb else columns end
     where schema_name = $1 and table_name = $2 returning route, state`,
    [relation.schema, relation.table, route, contractVersion, JSON.stringify(deliveredColumns(table))],
  );
  const owner = rows[0]?.route ?? route;
  if (owner === route) {
    if (rowCount === 1) return 'new';
    return rows[0]?.state === 'complete' ? 'ours' : 'refill';
  }
  throw new Problem(
    'SINK_TABLE_CONFLICT',
    `route ${owner} already delivers ${tableKey(relation)} to this sink`,
    {
      fix: `Deliver to another database, or, if route ${owner} is no more, run at the sink: delete from _spine.route_table where route = ${pg.escapeLiteral(owner)}`,
    },
  );
}

function deliveredColumns({ relation, obligations }: DeliveredTable): readonly unknown[] {
  return relation.columns.map((column) => ({
    name: column.name,
    type: column.typeText,
    ...(obligations.has(column.name) && { obligation: obligations.get(column.name)?.type }),
  }));
}
