import type { Clock } from '@spine/platform/clock';
import { acquireLease, type Lease, releaseLease, renewLease } from '@spine/platform/lease/lease';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Route } from '../domain/endpoint.ts';
import type { RouteContext } from '../pipeline/route-context.ts';
import { createRouteProgress, type RouteProgress } from '../pipeline/route-progress.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { saveReport } from '../store/route-status.ts';
import { listRunnableRoutes } from '../store/routes.ts';
import { keepRoute } from './keep-route.ts';

/** A dead worker's routes are free after this; a living one renews three times within it. */
const leaseTtlMs = 3_000;
const renewMs = 1_000;
const lookMs = 500;

export interface Worker {
  close(): Promise<void>;
}

export interface WorkerDeps {
  readonly id: string;
  readonly database: Database<CdcTables>;
  readonly clock: Clock;
  readonly log: Log;
  /** Opens everything one start of a route needs. */
  readonly openRoute: (route: Route, progress: RouteProgress, signal: AbortSignal) => Promise<RouteContext>;
  /** Watches what the route's slot costs its source, for as long as the route is held. */
  readonly guardRoute: (route: Route, progress: RouteProgress, signal: AbortSignal) => Promise<void>;
}

interface Held {
  readonly revision: bigint;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Runs every route whose lease it holds; looks for free routes and changed revisions twice a second. */
export function createWorker(deps: WorkerDeps): Worker {
  const { database, clock, log } = deps;
  const db = database.kysely;
  const held = new Map<string, Held>();
  const closing = new AbortController();

  async function look(): Promise<void> {
    const routes = new Map((await listRunnableRoutes(db)).map((route) => [route.name, route]));
    for (const [name, running] of held) {
      if (routes.get(name)?.revision === running.revision) continue;
      running.stop.abort();
      await running.done;
    }
    for (const route of routes.values()) {
      if (held.has(route.name)) continue;
      const lease = await acquireLease(db, {
        name: leaseName(route.name),
        holder: deps.id,
        ttlMs: leaseTtlMs,
      });
      if (lease !== null) held.set(route.name, hold(route, lease));
    }
  }

  function hold(route: Route, lease: Lease): Held {
    const stop = new AbortController();
    const progress = createRouteProgress(deps.id, clock);
    const routeLog = log.child({ route: route.name });
    const report = () => saveReport(db, route.name, progress.report());
    const done = (async () => {
      const keeping = keepLease(lease, stop);
      const reporting = every(renewMs, stop.signal, report, routeLog);
      const guarding = deps
        .guardRoute(route, progress, stop.signal)
        .catch((error: unknown) => routeLog.error({ event: 'slot.unguarded', err: error }));
      try {
        await keepRoute({
          open: () => deps.openRoute(route, progress, stop.signal),
          progress,
          clock,
          log: routeLog,
          signal: stop.signal,
        });
      } finally {
        stop.abort();
        await Promise.all([keeping, reporting, guarding]);
        await report().catch((error: unknown) => routeLog.warn({ event: 'report.unsaved', err: error }));
        // Not given back, it expires by itself; the log says why the next worker waits.
        await releaseLease(db, lease).catch((error: unknown) =>
          routeLog.warn({ event: 'lease.not_released', err: error }),
        );
        held.delete(route.name);
      }
    })();
    done.catch((error: unknown) => routeLog.error({ event: 'route.crashed', err: error }));
    return { revision: route.revision, stop, done };
  }

  /** Renews until told to stop; a lease that is lost, or cannot be renewed in time, stops the route before another may start it. */
  async function keepLease(lease: Lease, stop: AbortController): Promise<void> {
    let renewedAt = clock.now().getTime();
    while (!stop.signal.aborted) {
      await clock.sleep(renewMs, stop.signal).catch(() => undefined);
      if (stop.signal.aborted) return;
      try {
        if ((await renewLease(db, lease, leaseTtlMs)) === null) {
          log.warn({ event: 'lease.lost', lease: lease.name });
          stop.abort();
          return;
        }
        renewedAt = clock.now().getTime();
      } catch (error) {
        log.warn({ event: 'lease.not_renewed', lease: lease.name, err: error });
        if (clock.now().getTime() - renewedAt > leaseTtlMs) stop.abort();
      }
    }
  }

  async function every(ms: number, signal: AbortSignal, work: () => Promise<void>, to: Log): Promise<void> {
    while (!signal.aborted) {
      await work().catch((error: unknown) => to.warn({ event: 'report.unsaved', err: error }));
      await clock.sleep(ms, signal).catch(() => undefined);
    }
  }

  const looking = (async () => {
    while (!closing.signal.aborted) {
      await look().catch((error: unknown) => log.warn({ event: 'routes.unread', err: error }));
      await clock.sleep(lookMs, closing.signal).catch(() => undefined);
    }
  })();

  return {
    async close() {
      closing.abort();
      await looking;
      for (const running of held.values()) running.stop.abort();
      await Promise.allSettled([...held.values()].map((running) => running.done));
    },
  };
}

function leaseName(route: string): string {
  return `route:${route}`;
}
