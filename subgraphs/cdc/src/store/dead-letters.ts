import type { Kysely } from 'kysely';
import type { CdcTables } from './cdc-tables.ts';

export interface DeadLetterCount {
  readonly route: string;
  readonly open: number;
  readonly parked: number;
}

/** Open and parked dead letters of each named route; a route without any is not in the answer. */
export async function countDeadLetters(
  db: Kysely<CdcTables>,
  routes: readonly string[],
): Promise<readonly DeadLetterCount[]> {
  const rows = await db
    .selectFrom('dead_letter')
    .select((eb) => [
      'route',
      eb.fn.countAll<bigint>().filterWhere('state', '=', 'failed').as('open'),
      eb.fn.countAll<bigint>().filterWhere('state', '=', 'parked_behind').as('parked'),
    ])
    .where('route', 'in', [...routes])
    .groupBy('route')
    .execute();
  return rows.map((row) => ({ route: row.route, open: Number(row.open), parked: Number(row.parked) }));
}
