import type { Clock } from '@spine/platform/clock';
import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { Database } from '@spine/platform/postgres/create-database';
import { Gauge } from 'prom-client';
import type { CdcTables } from '../../store/cdc-tables.ts';
import { readStatus } from '../../usecases/read-status.ts';

/** Exposes where every route stands to Prometheus; read from the store when it is scraped. */
export function observeRoutes(metrics: Metrics, database: Database<CdcTables>, clock: Clock): void {
  const gauge = (name: string, help: string, labels: string[]) =>
    new Gauge({ name: `spine_cdc_${name}`, help, labelNames: labels, registers: [metrics.registry] });
  const lag = gauge('route_lag_seconds', 'Commit at the source to commit at the sink.', [
    'route',
    'quantile',
  ]);
  const bytes = gauge('route_lag_bytes', 'WAL not yet delivered.', ['route']);
  const state = gauge('route_state', '1 for the state in which a route stands.', ['route', 'state']);
  const rows = new Gauge({
    name: 'spine_cdc_route_rows_applied',
    help: 'Rows applied since the worker took the route.',
    labelNames: ['route'],
    registers: [metrics.registry],
    async collect() {
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
