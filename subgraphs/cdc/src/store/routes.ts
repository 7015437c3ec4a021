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
  deadLetters: z.object({ alertAt: z.number().optional(), stopAt: z.number().optional() }).optional(),
  walLimit: z.string().optional(),
  slotLost: z.enum(['resnapshot', 'stop']).optional(),
});
export type RouteSpec = z.infer<typeof routeSpecShape>;

/** Every applied route, by name. */
export async function listRoutes(db: Db): Promise<readonly Route[]> {
  const rows = await db.selectFrom('route').select(['spec', 'revision']).orderBy('name').execute();
  return rows.map((row) => ({ ...routeSpecShape.parse(row.spec), revision: row.revision }));
}

/** The routes that a worker may run: all but the paused. */
export async function listRunnableRoutes(db: Db): Promise<readonly Route[]> {
  const paused = new Set((await listPauses(db)).map((pause) => pause.route));
  return (await listRoutes(db)).filter((route) => !paused.has(route.name));
}

/** Why a route rests, and by whose word. */
export interface Pause {
  readonly route: string;
  readonly at: Date;
  readonly by: string;
  readonly reason: string | null;
}

/** The pauses that hold. */
export async function listPauses(db: Db): Promise<readonly Pause[]> {
  const rows = await db
    .selectFrom('route')
    .select(['name', 'paused_at', 'paused_by', 'pause_reason'])
    .where('paused_at', 'is not', null)
    .execute();
  return rows.flatMap(({ name, paused_at: at, paused_by: by, pause_reason: reason }) =>
    at === null || by === null ? [] : [{ route: name, at, by, reason }],
  );
}

/** Makes a route rest; one that rests already keeps its first reason. */
export async function pauseRoute(
  db: Db,
  name: string,
  { by, reason }: Pick<Pause, 'by' | 'reason'>,
): Promise<void> {
  await db
    .updateTable('route')
    .set({ paused_at: new Date(), paused_by: by, pause_reason: reason })
    .where('name', '=', name)
    .where('paused_at', 'is', null)
    .execute();
}

/** Lets a route run again, after its checkpoint. */
export async function resumeRoute(db: Db, name: string): Promise<void> {
  const runs = { paused_at: null, paused_by: null, pause_reason: null };
  await db.updateTable('route').set(runs).where('name', '=', name).execute();
}

/** Raises a route's revision, which restarts it at its worker. */
export async function restartRoute(db: Db, name: string): Promise<void> {
  await db
    .updateTable('route')
    .set((eb) => ({ revision: eb('revision', '+', 1n) }))
    .where('name', '=', name)
    .execute();
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
