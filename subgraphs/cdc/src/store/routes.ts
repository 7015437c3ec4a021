import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { Route } from '../domain/endpoint.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

export const routeSpecShape = z.object({
  name: z.string(),
  source: z.string(),
  sink: z.string(),
  tables: z.array(z.string()),
  owner: z.string(),
  obligationKey: z.string().nullable().default(null),
});
export type RouteSpec = z.infer<typeof routeSpecShape>;

/** Every applied route, by name. */
export async function listRoutes(db: Db): Promise<readonly Route[]> {
  const rows = await db.selectFrom('route').select(['spec', 'revision']).orderBy('name').execute();
  return rows.map((row) => ({ ...routeSpecShape.parse(row.spec), revision: row.revision }));
}

/** One route, or undefined. */
export async function findRoute(db: Db, name: string): Promise<Route | undefined> {
  const row = await db
    .selectFrom('route')
    .select(['spec', 'revision'])
    .where('name', '=', name)
    .executeTakeFirst();
  return row && { ...routeSpecShape.parse(row.spec), revision: row.revision };
}

/** Adds or replaces a route and raises its revision, which restarts it at its worker. */
export async function putRoute(db: Db, spec: RouteSpec): Promise<void> {
  await db
    .insertInto('route')
    .values({ name: spec.name, spec: JSON.stringify(spec), revision: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({
        spec: eb.ref('excluded.spec'),
        revision: eb('route.revision', '+', 1n),
        applied_at: new Date(),
      })),
    )
    .execute();
  await db
    .insertInto('route_status')
    .values({ route: spec.name, state: 'starting' })
    .onConflict((conflict) => conflict.column('route').doNothing())
    .execute();
}

/** Takes a route out; its status and table rows go with it. */
export async function removeRoute(db: Db, name: string): Promise<void> {
  await db.deleteFrom('route').where('name', '=', name).execute();
}
