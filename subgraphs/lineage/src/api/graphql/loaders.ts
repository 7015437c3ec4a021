import type { PageRequest } from '@spine/platform/graphql/connection';
import DataLoader from 'dataloader';
import { findFacets } from '../../store/facets.ts';
import {
  type DatasetsOf,
  findNodes,
  listDatasetsOf,
  nodePosition,
  type StoredNode,
} from '../../store/nodes.ts';
import {
  findLatestRunsOfDatasets,
  findRuns,
  listRunsOfJobs,
  runPosition,
  type StoredRun,
} from '../../store/runs.ts';
import type { LineageContext } from './lineage-context.ts';

type Rows<T> = (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>;

/** Joins what the fields of one request ask by id into one query; `absent` stands for an id without an answer. */
function loaderOf<T, A>(context: LineageContext, key: string, read: Rows<T>, absent: A) {
  return context.loaders.get(
    key,
    () =>
      new DataLoader<string, T | A>(async (ids) => {
        const rows = await read(ids);
        return ids.map((id) => rows.get(id) ?? absent);
      }),
  );
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.id, row]));

/** A dataset or job by id, or null when no event has named it. */
export function loadNode(context: LineageContext, id: string): Promise<StoredNode | null> {
  const read: Rows<StoredNode> = async (ids) => byId(await findNodes(context.database.kysely, ids));
  return loaderOf(context, 'node', read, null).load(id);
}

/** A run by id, or null. */
export function loadRun(context: LineageContext, id: string): Promise<StoredRun | null> {
  const read: Rows<StoredRun> = async (ids) => byId(await findRuns(context.database.kysely, ids));
  return loaderOf(context, 'run', read, null).load(id);
}

/** The facets of a dataset, job or run by key; empty when it has none. */
export function loadFacets(
  context: LineageContext,
  entityId: string,
): Promise<Readonly<Record<string, unknown>>> {
  const read = (ids: readonly string[]) => findFacets(context.database.kysely, ids);
  return loaderOf<Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>>(
    context,
    'facets',
    read,
    {},
  ).load(entityId);
}

/** The run that last touched a dataset, or null. */
export function loadLatestRunOfDataset(
  context: LineageContext,
  datasetId: string,
): Promise<StoredRun | null> {
  const read: Rows<StoredRun> = (ids) => findLatestRunsOfDatasets(context.database.kysely, ids);
  return loaderOf(context, 'latestRunOfDataset', read, null).load(datasetId);
}

/** One more than a page of the runs of a job, newest first. */
export function loadRunsOfJob(
  context: LineageContext,
  page: Pick<PageRequest, 'limit' | 'after'>,
  jobId: string,
): Promise<readonly StoredRun[]> {
  const after = page.after === undefined ? null : runPosition(page.after);
  const read: Rows<readonly StoredRun[]> = (ids) =>
    listRunsOfJobs(context.database.kysely, ids, page.limit, after);
  return loaderOf(context, keyOf('runsOfJob', page), read, []).load(jobId);
}

/** One more than a page of the datasets that a run or job has read or written. */
export function loadDatasetsOf(
  context: LineageContext,
  whose: DatasetsOf,
  page: PageRequest,
  ownerId: string,
): Promise<readonly StoredNode[]> {
  const after = page.after === undefined ? null : nodePosition(page.after);
  const read: Rows<readonly StoredNode[]> = (ids) =>
    listDatasetsOf(context.database.kysely, whose, ids, page.limit, after);
  return loaderOf(context, keyOf(`${whose.direction}sOf:${whose.of}`, page), read, []).load(ownerId);
}

// Siblings ask for the same page, as a rule: those that do share a query.
function keyOf(name: string, { limit, after }: Pick<PageRequest, 'limit' | 'after'>): string {
  return `${name}:${limit}:${JSON.stringify(after ?? null)}`;
}
