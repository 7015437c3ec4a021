import { Problem } from '@spine/kernel/problem';
import { sql } from 'kysely';
import { isUuid } from '../domain/entity-ids.ts';
import { parseInstant } from '../domain/instant.ts';
import { hasEnded, type RunState } from '../domain/run-state.ts';
import { groupRows } from './group-rows.ts';
import type { Db } from './lineage-tables.ts';

/** A run as its events left it. */
export interface StoredRun {
  readonly id: string;
  readonly jobId: string;
  readonly state: RunState;
  /** The earliest START, or null when none came. */
  readonly startedAt: Date | null;
  /** When it completed, failed or was aborted; null while it runs. */
  readonly endedAt: Date | null;
  /** Time of the earliest event; runs are listed by it. */
  readonly firstAt: string;
}

/** Where a page of runs begins: behind the run with these values. */
export interface RunPosition {
  readonly at: string;
  readonly id: string;
}

interface RunRow extends Omit<StoredRun, 'endedAt'> {
  readonly stateAt: Date;
}

const columns = sql`
  run.run_id as id, run.job_id as "jobId", run.state, run.started_at as "startedAt", run.state_at as "stateAt",
  ${
    // To the microsecond, which a Date does not hold: a keyset must be exact.
    sql`to_char(run.first_event_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  } as "firstAt"`;

/** The runs of these ids that are known, in no order. */
export async function findRuns(db: Db, ids: readonly string[]): Promise<readonly StoredRun[]> {
  const { rows } = await sql<RunRow>`
    select ${columns} from run where run.run_id = any(${ids}::uuid[])`.execute(db);
  return rows.map(toRun);
}

/** The values that order the runs of a job. */
export function runKeyset({ firstAt, id }: StoredRun): readonly string[] {
  return [firstAt, id];
}

/** Reads what `runKeyset` wrote. Throws CURSOR_INVALID. */
export function runPosition([at, id]: readonly string[]): RunPosition {
  if (at !== undefined && id !== undefined && isUuid(id) && parseInstant(at) !== null) return { at, id };
  throw new Problem('CURSOR_INVALID', 'the cursor is not one that this list gave out');
}

/** Up to `limit` runs of each of these jobs, newest first, behind `after`. */
export async function listRunsOfJobs(
  db: Db,
  jobIds: readonly string[],
  limit: number,
  after: RunPosition | null,
): Promise<ReadonlyMap<string, readonly StoredRun[]>> {
  const behind =
    after === null
      ? sql`true`
      : sql`(run.first_event_at, run.run_id) < (${after.at}::timestamptz, ${after.id}::uuid)`;
  const { rows } = await sql<RunRow>`
    select found.id, found."jobId", found.state, found."startedAt", found."stateAt", found."firstAt"
    from unnest(${jobIds}::uuid[]) as job (id)
    cross join lateral (
      select ${columns} from run
      where run.job_id = job.id and ${behind}
      order by run.first_event_at desc, run.run_id desc
      limit ${limit}
    ) as found
    order by job.id, found."firstAt" desc, found.id desc`.execute(db);
  return groupRows(rows.map(toRun), ({ jobId }) => jobId);
}

/** The run that last read or wrote each of these datasets, by dataset; those no run has touched are absent. */
export async function findLatestRunsOfDatasets(
  db: Db,
  datasetIds: readonly string[],
): Promise<ReadonlyMap<string, StoredRun>> {
  const { rows } = await sql<RunRow & { readonly datasetId: string }>`
    select dataset.id as "datasetId", ${columns}
    from unnest(${datasetIds}::uuid[]) as dataset (id)
    cross join lateral (
      select run_dataset.run_id from run_dataset
      where run_dataset.dataset_id = dataset.id
      order by run_dataset.last_event_at desc, run_dataset.run_id desc
      limit 1
    ) as last
    join run on run.run_id = last.run_id`.execute(db);
  return new Map(rows.map(({ datasetId, ...row }) => [datasetId, toRun(row)]));
}

function toRun({ stateAt, ...run }: RunRow): StoredRun {
  return { ...run, endedAt: hasEnded(run.state) ? stateAt : null };
}
