import type { DatasetName } from '@spine/kernel/table-ref';
import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../store/cdc-tables.ts';
import { listSinks, listSources } from '../store/endpoints.ts';
import { listTables } from '../store/route-tables.ts';
import { readStatus } from './read-status.ts';

/** A route with the places it joins, as the graph shows it. */
export type RouteView = Awaited<ReturnType<typeof viewRoutes>>[number];

/** Every route by name, with what is registered of its source and sink. */
export async function viewRoutes(database: Database<CdcTables>, now: Date) {
  const db = database.kysely;
  const sources = new Map((await listSources(db)).map((source) => [source.name, source]));
  const sinks = new Map((await listSinks(db)).map((sink) => [sink.name, sink]));
  return (await readStatus(database, now)).map((route) => ({
    ...route,
    sourceEndpoint: sources.get(route.source),
    sinkEndpoint: sinks.get(route.sink),
  }));
}

/** The routes that read or write each of the datasets, in the order asked. */
export async function routesOfDatasets(
  database: Database<CdcTables>,
  now: Date,
  datasets: readonly DatasetName[],
): Promise<RouteView[][]> {
  const routes = await viewRoutes(database, now);
  const byDataset = new Map<string, RouteView[]>();
  const add = (namespace: string, name: string, route: RouteView) => {
    const key = `${namespace}\n${name}`;
    const known = byDataset.get(key);
    if (known === undefined) byDataset.set(key, [route]);
    else if (!known.includes(route)) known.push(route);
  };
  const byName = new Map(routes.map((route) => [route.name, route]));
  for (const table of await listTables(database.kysely)) {
    const route = byName.get(table.route);
    if (route === undefined) continue;
    for (const endpoint of [route.sourceEndpoint, route.sinkEndpoint]) {
      if (endpoint !== undefined) {
        add(endpoint.namespace, `${endpoint.database}.${table.schema}.${table.table}`, route);
      }
    }
  }
  return datasets.map(({ namespace, name }) => byDataset.get(`${namespace}\n${name}`) ?? []);
}
