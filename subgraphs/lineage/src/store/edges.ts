import { sql } from 'kysely';
import type { GraphStep } from '../domain/graph-step.ts';
import type { Db } from './lineage-tables.ts';

/**
 * The edges that leave (or, backwards, enter) where the steps stand: at most `perNode` for each, so that a hub costs no more
 * than it shows. From a job the way goes on only where data from `via` flows: to every output whose making no producer has
 * described, and to those that were made of `via`.
 */
export async function readEdges(
  db: Db,
  steps: readonly GraphStep[],
  way: 'forwards' | 'backwards',
  perNode: number,
): Promise<readonly { readonly from: string; readonly to: string }[]> {
  const [near, far] = way === 'forwards' ? ['from_id', 'to_id'] : ['to_id', 'from_id'];
  const { rows } = await sql<{ from: string; to: string }>`
    select found.from_id as "from", found.to_id as "to"
    from rows from (jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as (node uuid, via uuid[]))
      with ordinality as here (node, via, position)
    cross join lateral (
      select edge.from_id, edge.to_id from edge
      where ${sql.ref(`edge.${near}`)} = here.node
        and (here.via = '{}' or ${way === 'forwards' ? flowsForwards : flowsBackwards})
      order by ${sql.ref(`edge.${far}`)}
      limit ${perNode}
    ) as found
    order by here.position, ${sql.ref(`found.${far}`)}`.execute(db);
  return rows;
}

const flowsForwards = sql`(
  not exists (select from flow where flow.job_id = edge.from_id and flow.to_id = edge.to_id)
  or exists (
    select from flow
    where flow.job_id = edge.from_id and flow.to_id = edge.to_id and flow.from_id = any(here.via)
  )
)`;

const flowsBackwards = sql`exists (
  select from unnest(here.via) as made (id)
  where not exists (select from flow where flow.job_id = edge.to_id and flow.to_id = made.id)
    or exists (
      select from flow
      where flow.job_id = edge.to_id and flow.to_id = made.id and flow.from_id = edge.from_id
    )
)`;
