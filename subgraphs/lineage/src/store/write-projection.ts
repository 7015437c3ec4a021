import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Projection } from '../domain/project-events.ts';
import { rankOf } from '../domain/run-state.ts';
import { bytea } from './event-log.ts';
import type { LineageTables } from './lineage-tables.ts';

/**
 * Merges rows into the graph by the rules of `projectEvents`. Every statement writes in the order of its key, and the tables
 * come in one fixed order: without that, batches that share keys deadlock.
 */
export async function writeProjection(
  trx: Transaction<LineageTables>,
  { nodes, runs, runDatasets, edges, flows, facets }: Projection,
): Promise<void> {
  if (nodes.length > 0) await writeNodes(nodes).execute(trx);
  if (runs.length > 0) await writeRuns(runs).execute(trx);
  if (runDatasets.length > 0) await writeRunDatasets(runDatasets).execute(trx);
  if (edges.length > 0) await writeEdges(edges).execute(trx);
  if (flows.length > 0) await writeFlows(flows).execute(trx);
  if (facets.length > 0) await writeFacets(facets).execute(trx);
}

function writeNodes(rows: Projection['nodes']): RawBuilder<unknown> {
  return sql`
    insert into node (node_id, kind, namespace, name, first_event_at, last_event_at)
    select node_id, kind, namespace, name, first_event_at, last_event_at
    from unnest(
      ${rows.map(({ id }) => id)}::uuid[],
      ${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ namespace }) => namespace)}::text[],
      ${rows.map(({ name }) => name)}::text[],
      ${rows.map(({ firstAt }) => firstAt)}::timestamptz[],
      ${rows.map(({ lastAt }) => lastAt)}::timestamptz[]
    ) as given (node_id, kind, namespace, name, first_event_at, last_event_at)
    order by node_id
    on conflict (node_id) do update set
      first_event_at = least(node.first_event_at, excluded.first_event_at),
      last_event_at = greatest(node.last_event_at, excluded.last_event_at)
    where excluded.first_event_at < node.first_event_at or excluded.last_event_at > node.last_event_at`;
}

function writeRuns(rows: Projection['runs']): RawBuilder<unknown> {
  const earlier = sql`(excluded.first_event_at, excluded.first_event) < (run.first_event_at, run.first_event)`;
  const further = sql`(excluded.state_rank, excluded.state_at, excluded.state_event)
                    > (run.state_rank, run.state_at, run.state_event)`;
  const choose = (when: RawBuilder<unknown>, column: string): RawBuilder<unknown> =>
    sql`${sql.ref(column)} = case when ${when} then ${sql.ref(`excluded.${column}`)} else ${sql.ref(`run.${column}`)} end`;
  return sql`
    insert into run (run_id, job_id, first_event_at, first_event, last_event_at, state, state_rank, state_at, state_event, started_at)
    select run_id, job_id, first_event_at, first_event, last_event_at, state, state_rank, state_at, state_event, started_at
    from unnest(
      ${rows.map(({ id }) => id)}::uuid[],
      ${rows.map(({ jobId }) => jobId)}::uuid[],
      ${rows.map(({ firstAt }) => firstAt)}::timestamptz[],
      ${rows.map(({ firstEvent }) => bytea(firstEvent))}::bytea[],
      ${rows.map(({ lastAt }) => lastAt)}::timestamptz[],
      ${rows.map(({ state }) => state)}::text[],
      ${rows.map(({ state }) => rankOf(state))}::smallint[],
      ${rows.map(({ stateAt }) => stateAt)}::timestamptz[],
      ${rows.map(({ stateEvent }) => bytea(stateEvent))}::bytea[],
      ${rows.map(({ startedAt }) => startedAt)}::timestamptz[]
    ) as given (run_id, job_id, first_event_at, first_event, last_event_at, state, state_rank, state_at, state_event, started_at)
    order by run_id
    on conflict (run_id) do update set
      ${choose(earlier, 'job_id')},
      ${choose(earlier, 'first_event_at')},
      ${choose(earlier, 'first_event')},
      last_event_at = greatest(run.last_event_at, excluded.last_event_at),
      ${choose(further, 'state')},
      ${choose(further, 'state_rank')},
      ${choose(further, 'state_at')},
      ${choose(further, 'state_event')},
      started_at = least(run.started_at, excluded.started_at)`;
}

function writeRunDatasets(rows: Projection['runDatasets']): RawBuilder<unknown> {
  return sql`
    insert into run_dataset (run_id, dataset_id, direction, last_event_at)
    select run_id, dataset_id, direction, last_event_at
    from unnest(
      ${rows.map(({ runId }) => runId)}::uuid[],
      ${rows.map(({ datasetId }) => datasetId)}::uuid[],
      ${rows.map(({ direction }) => direction)}::text[],
      ${rows.map(({ lastAt }) => lastAt)}::timestamptz[]
    ) as given (run_id, dataset_id, direction, last_event_at)
    order by run_id, direction, dataset_id
    on conflict (run_id, direction, dataset_id) do update set last_event_at = excluded.last_event_at
    where excluded.last_event_at > run_dataset.last_event_at`;
}

function writeEdges(rows: Projection['edges']): RawBuilder<unknown> {
  return sql`
    insert into edge (from_id, to_id, first_event_at, last_event_at)
    select from_id, to_id, first_event_at, last_event_at
    from unnest(
      ${rows.map(({ from }) => from)}::uuid[],
      ${rows.map(({ to }) => to)}::uuid[],
      ${rows.map(({ firstAt }) => firstAt)}::timestamptz[],
      ${rows.map(({ lastAt }) => lastAt)}::timestamptz[]
    ) as given (from_id, to_id, first_event_at, last_event_at)
    order by from_id, to_id
    on conflict (from_id, to_id) do update set
      first_event_at = least(edge.first_event_at, excluded.first_event_at),
      last_event_at = greatest(edge.last_event_at, excluded.last_event_at)
    where excluded.first_event_at < edge.first_event_at or excluded.last_event_at > edge.last_event_at`;
}

function writeFlows(rows: Projection['flows']): RawBuilder<unknown> {
  return sql`
    insert into flow (job_id, to_id, from_id)
    select job_id, to_id, from_id
    from unnest(
      ${rows.map(({ jobId }) => jobId)}::uuid[],
      ${rows.map(({ to }) => to)}::uuid[],
      ${rows.map(({ from }) => from)}::uuid[]
    ) as given (job_id, to_id, from_id)
    order by job_id, to_id, from_id
    on conflict (job_id, to_id, from_id) do nothing`;
}

function writeFacets(rows: Projection['facets']): RawBuilder<unknown> {
  return sql`
    insert into facet (entity, entity_id, key, event_at, event_id, schema_url, value)
    select entity, entity_id, key, event_at, event_id, schema_url, value
    from unnest(
      ${rows.map(({ entity }) => entity)}::text[],
      ${rows.map(({ entityId }) => entityId)}::uuid[],
      ${rows.map(({ key }) => key)}::text[],
      ${rows.map(({ at }) => at)}::timestamptz[],
      ${rows.map(({ event }) => bytea(event))}::bytea[],
      ${rows.map(({ schemaUrl }) => schemaUrl)}::text[],
      ${rows.map(({ value }) => (value === null ? null : JSON.stringify(value)))}::jsonb[]
    ) as given (entity, entity_id, key, event_at, event_id, schema_url, value)
    order by entity_id, key
    on conflict (entity_id, key) do update set
      event_at = excluded.event_at,
      event_id = excluded.event_id,
      schema_url = excluded.schema_url,
      value = excluded.value
    where (excluded.event_at, excluded.event_id) > (facet.event_at, facet.event_id)`;
}
