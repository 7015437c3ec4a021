import { canonicalJson } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { copiedOnApply } from '../domain/route-state.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { keepEndpoints, listSinks, listSources } from '../store/endpoints.ts';
import { listStatuses, saveStartsAnew } from '../store/route-status.ts';
import { listTables, saveTable } from '../store/route-tables.ts';
import { listRoutes, putRoute, type RouteSpec, routeSpecShape } from '../store/routes.ts';

export const routesShape = z.object({
  routes: z.array(routeSpecShape.omit({ obligationKey: true })),
  obligationKey: z.string().nullable().default(null),
  allSources: z.array(z.string()),
  allSinks: z.array(z.string()),
});
export type RoutesInput = z.infer<typeof routesShape>;

export interface RouteChange {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'restarted';
  readonly detail: string;
}

/** What an apply would do, without doing it. */
export async function planRoutes(
  db: Kysely<CdcTables> | Transaction<CdcTables>,
  input: RoutesInput,
): Promise<readonly RouteChange[]> {
  const wanted = input.routes.map((route) => ({ ...route, obligationKey: input.obligationKey }));
  const known = new Map((await listRoutes(db)).map((route) => [route.name, route]));
  const changes: RouteChange[] = [];
  for (const route of wanted) {
    const before = known.get(route.name);
    known.delete(route.name);
    if (before === undefined) {
      changes.push({ name: route.name, change: 'added', detail: `${route.source} -> ${route.sink}` });
      continue;
    }
    const { revision: _, ...spec } = before;
    if (canonicalJson(spec) !== canonicalJson(route)) {
      changes.push({ name: route.name, change: 'changed', detail: changedKeys(spec, route).join(', ') });
      continue;
    }
    const waiting = await waitsForApply(db, route.name);
    if (waiting.length > 0) {
      changes.push({ name: route.name, change: 'restarted', detail: waiting.join('; ') });
    }
  }
  for (const name of known.keys()) {
    changes.push({ name, change: 'removed', detail: 'its slot and publications are dropped' });
  }
  return changes;
}

/**
 * Makes the routes exactly those given. A table that was cut off or stopped is copied again in full; a route whose slot was
 * lost starts anew. Answers what changed.
 */
export async function applyRoutes(
  database: Database<CdcTables>,
  input: RoutesInput,
  dropRoute: (name: string) => Promise<void>,
): Promise<readonly RouteChange[]> {
  const specs = new Map<string, RouteSpec>(
    input.routes.map((route) => [route.name, { ...route, obligationKey: input.obligationKey }]),
  );
  await checkEndpoints(database.kysely, [...specs.values()]);
  const changes = await planRoutes(database.kysely, input);
  for (const { name, change } of changes) {
    const spec = specs.get(name);
    if (change === 'removed' || spec === undefined) {
      await dropRoute(name);
      continue;
    }
    await database.kysely.transaction().execute(async (trx) => {
      for (const table of await listTables(trx, [name])) {
        if (copiedOnApply(table.state)) await saveTable(trx, { ...table, route: name }, { state: 'pending' });
      }
      if (await lostItsSlot(trx, name)) await saveStartsAnew(trx, name, true);
      await putRoute(trx, spec);
    });
  }
  await keepEndpoints(database.kysely, 'source', input.allSources);
  await keepEndpoints(database.kysely, 'sink', input.allSinks);
  return changes;
}

async function waitsForApply(
  db: Kysely<CdcTables> | Transaction<CdcTables>,
  name: string,
): Promise<string[]> {
  const tables = (await listTables(db, [name])).filter((table) => copiedOnApply(table.state));
  const waiting = tables.map((table) => `${table.schema}.${table.table} (${table.state}) is copied again`);
  if (await lostItsSlot(db, name)) waiting.push('its slot is made anew and every table copied again');
  return waiting;
}

const startAnewCodes = ['SLOT_LOST', 'SOURCE_CHANGED'];

async function lostItsSlot(db: Kysely<CdcTables> | Transaction<CdcTables>, name: string): Promise<boolean> {
  const [status] = await listStatuses(db, [name]);
  return (
    (status?.state === 'failed' || status?.state === 'resnapshot_required') &&
    startAnewCodes.some((code) => status.reason?.startsWith(code) ?? false)
  );
}

async function checkEndpoints(db: Kysely<CdcTables>, routes: readonly RouteSpec[]): Promise<void> {
  const sources = new Set((await listSources(db)).map((source) => source.name));
  const sinks = new Set((await listSinks(db)).map((sink) => sink.name));
  for (const route of routes) {
    if (!sources.has(route.source) || !sinks.has(route.sink)) {
      throw new Problem(
        'CONFIG_INVALID',
        `route ${route.name} names a source or sink that is not registered`,
        {
          fix: 'Register both first; `spine apply` does it in order.',
        },
      );
    }
  }
}

function changedKeys(before: object, after: object): string[] {
  return Object.entries(after)
    .filter(([key, value]) => canonicalJson(Reflect.get(before, key) ?? null) !== canonicalJson(value))
    .map(([key]) => key);
}
