import { sql } from 'kysely';
import type { Db } from './lineage-tables.ts';

/**
 * The edges that leave (or, backwards, enter) any of the nodes: at most `perNode` for each, so that a hub costs no more than
 * it shows.
 */
export async function readEdges(
  db: Db,
  nodes: readonly string[],
  way: 'forwards' | 'backwards',
  perNode: number,
): Promise<readonly { readonly from: string; readonly to: string }[]> {
  const [near, far] = way === 'forwards' ? ['from_id', 'to_id'] : ['to_id', 'from_id'];
  const { rows } = await sql<{ from: string; to: string }>`
    select found.from_id as "from", found.to_id as "to"
    from unnest(${nodes}::uuid[]) with ordinality as here (id, position)
    cross join lateral (
      select edge.from_id, edge.to_id from edge
      where ${sql.ref(`edge.${near}`)} = here.id
      order by ${sql.ref(`edge.${far}`)}
      limit ${perNode}
    ) as found
    order by here.position, ${sql.ref(`found.${far}`)}`.execute(db);
  return rows;
}
