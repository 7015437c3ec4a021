import type { Clock } from '@spine/platform/clock';
import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../../store/cdc-tables.ts';
import { readStatus } from '../../usecases/read-status.ts';

/** Exposes where every route stands to Prometheus; read from the store when it is scraped. */
export function observeRoutes(metrics: Metrics, database: Database<CdcTables>, clock: Clock): void {
  const lag = metrics.gauge({
    name: 'cdc_route_lag_seconds',
    help: 'Commit at the source to commit at the sink.',
    labels: ['route', 'quantile'],
  });
  const bytes = metrics.gauge({
    name: 'cdc_route_lag_bytes',
    help: 'WAL not yet delivered.',
    labels: ['route'],
  });
  const state = metrics.gauge({
    name: 'cdc_route_state',
    help: '1 for the state in which a route stands.',
    labels: ['route', 'state'],
  });
  metrics.gauge({
    name: 'cdc_route_rows_applied',
    help: 'Rows applied since the worker took the route.',
    labels: ['route'],
    async collect(rows) {
      for (const one of [lag, bytes, state, rows]) one.reset();
      for (const route of await readStatus(database, clock.now())) {
        const name = route.name;
        state.set({ route: name, state: route.state }, 1);
        rows.set({ route: name }, route.rowsApplied);
        if (route.lag === null) continue;
        lag.set({ route: name, quantile: '0.5' }, route.lag.p50Seconds);
        lag.set({ route: name, quantile: '0.95' }, route.lag.p95Seconds);
        lag.set({ route: name, quantile: '0.99' }, route.lag.p99Seconds);
        bytes.set({ route: name }, route.lag.bytes);
      }
    },
  });
}
