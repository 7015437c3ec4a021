import type { Kysely, Transaction } from 'kysely';
import type { RouteState } from '../domain/route-state.ts';
import type { CdcTables } from './cdc-tables.ts';

/** What a worker tells of a route about once a second. Times in seconds, positions as text. */
export interface RouteReport {
  readonly state: RouteState;
  readonly reason: string | null;
  readonly worker: string;
  readonly checkpoint: { readonly position: string; readonly at: Date } | null;
  readonly rowsApplied: bigint;
  readonly lag: {
    readonly seconds: number;
    readonly p50Seconds: number;
    readonly p95Seconds: number;
    readonly p99Seconds: number;
    readonly bytes: bigint;
  } | null;
}

/** Stores a worker's report. A route that was removed meanwhile has no row to write to, and that is fine. */
export async function saveReport(db: Kysely<CdcTables>, route: string, report: RouteReport): Promise<void> {
  await db
    .updateTable('route_status')
    .set({
      state: report.state,
      reason: report.reason,
      worker: report.worker,
      rows_applied: report.rowsApplied,
      updated_at: new Date(),
      ...(report.checkpoint && {
        checkpoint_lsn: report.checkpoint.position,
        checkpoint_at: report.checkpoint.at,
      }),
      ...(report.lag && {
        lag_seconds: report.lag.seconds,
        lag_p50_seconds: report.lag.p50Seconds,
        lag_p95_seconds: report.lag.p95Seconds,
        lag_p99_seconds: report.lag.p99Seconds,
        lag_bytes: report.lag.bytes,
      }),
    })
    .where('route', '=', route)
    .execute();
}

/** Status rows of the named routes (all when none is named). */
export async function listStatuses(
  db: Kysely<CdcTables> | Transaction<CdcTables>,
  routes?: readonly string[],
) {
  return await db
    .selectFrom('route_status')
    .select([
      'route',
      'state',
      'reason',
      'worker',
      'checkpoint_lsn',
      'checkpoint_at',
      'rows_applied',
      'lag_seconds',
      'lag_p50_seconds',
      'lag_p95_seconds',
      'lag_p99_seconds',
      'lag_bytes',
      'updated_at',
    ])
    .$if(routes !== undefined, (query) => query.where('route', 'in', [...(routes ?? [])]))
    .orderBy('route')
    .execute();
}

/** True when the route must forget its checkpoint at the next start: its slot was given up on purpose. */
export async function readStartsAnew(db: Kysely<CdcTables>, route: string): Promise<boolean> {
  const row = await db
    .selectFrom('route_status')
    .select('starts_anew')
    .where('route', '=', route)
    .executeTakeFirst();
  return row?.starts_anew ?? false;
}

/** Sets whether the route starts anew. */
export async function saveStartsAnew(
  db: Kysely<CdcTables> | Transaction<CdcTables>,
  route: string,
  value: boolean,
): Promise<void> {
  await db.updateTable('route_status').set({ starts_anew: value }).where('route', '=', route).execute();
}
