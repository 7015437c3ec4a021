import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../store/cdc-tables.ts';
import { listStatuses } from '../store/route-status.ts';
import { listTables } from '../store/route-tables.ts';
import { listPauses, listRoutes, type Pause } from '../store/routes.ts';

/** A worker that has not reported for this long is not trusted to be alive. */
const silentMs = 10_000;

/** Every route with its tables, as `spine status` shows it. */
export async function readStatus(database: Database<CdcTables>, now: Date) {
  const db = database.kysely;
  const statuses = new Map((await listStatuses(db)).map((status) => [status.route, status]));
  const pauses = new Map((await listPauses(db)).map((pause) => [pause.route, pause]));
  const tables = await listTables(db);
  return (await listRoutes(db)).map((route) => {
    const status = statuses.get(route.name);
    const pause = pauses.get(route.name);
    const silent = status !== undefined && now.getTime() - status.updated_at.getTime() > silentMs;
    return {
      name: route.name,
      source: route.source,
      sink: route.sink,
      owner: route.owner,
      state: pause === undefined ? (status?.state ?? 'starting') : 'paused',
      stateReason:
        pause !== undefined
          ? pauseText(pause)
          : silent
            ? 'no worker has reported lately'
            : (status?.reason ?? null),
      worker: status?.worker ?? null,
      rowsApplied: Number(status?.rows_applied ?? 0n),
      checkpoint:
        status?.checkpoint_lsn == null || status.checkpoint_at === null
          ? null
          : { position: status.checkpoint_lsn, at: status.checkpoint_at.toISOString() },
      lag:
        status?.lag_seconds == null
          ? null
          : {
              seconds: status.lag_seconds,
              p50Seconds: status.lag_p50_seconds ?? 0,
              p95Seconds: status.lag_p95_seconds ?? 0,
              p99Seconds: status.lag_p99_seconds ?? 0,
              bytes: Number(status.lag_bytes ?? 0n),
            },
      tables: tables
        .filter((table) => table.route === route.name)
        .map((table) => ({
          schema: table.schema,
          table: table.table,
          state: table.state,
          reason: table.reason,
          contractVersion: table.contractVersion,
          rowsCopied: Number(table.rowsCopied),
          rowsEstimated: table.rowsEstimated === null ? null : Number(table.rowsEstimated),
        })),
    };
  });
}

function pauseText({ by, at, reason }: Pause): string {
  const since = `paused by ${by} at ${at.toISOString()}`;
  return reason === null ? since : `${since}: ${reason}`;
}
