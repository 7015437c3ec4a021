import type { Clock } from '@spine/platform/clock';
import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../../store/cdc-tables.ts';
import { countDeadLetters } from '../../store/dead-letters.ts';
import { readStatus } from '../../usecases/read-status.ts';

/**
 * Exposes where every route stands to Prometheus; read from the store when it is scraped. Every metric fills itself, for one that
 * another fills is written out before that other has its answer; those of one scrape share the reading.
 */
export function observeRoutes(metrics: Metrics, database: Database<CdcTables>, clock: Clock): void {
  const routes = shared(() => readStatus(database, clock.now()));
  const deadLetters = shared(async () => {
    const names = (await routes()).map(({ name }) => name);
    const counts = names.length === 0 ? [] : await countDeadLetters(database.kysely, names);
    const countOf = new Map(counts.map((count) => [count.route, count]));
    return names.map((route) => ({ route, ...(countOf.get(route) ?? { open: 0, parked: 0 }) }));
  });

  metrics.gauge({
    name: 'cdc_route_lag_seconds',
    help: 'Commit at the source to commit at the sink.',
    labels: ['route', 'quantile'],
    async collect(gauge) {
      const found = await routes();
      gauge.reset();
      for (const { name: route, lag } of found) {
        if (lag === null) continue;
        gauge.set({ route, quantile: '0.5' }, lag.p50Seconds);
        gauge.set({ route, quantile: '0.95' }, lag.p95Seconds);
        gauge.set({ route, quantile: '0.99' }, lag.p99Seconds);
      }
    },
  });
  metrics.gauge({
    name: 'cdc_route_lag_bytes',
    help: 'WAL not yet delivered.',
    labels: ['route'],
    async collect(gauge) {
      const found = await routes();
      gauge.reset();
      for (const { name: route, lag } of found) if (lag !== null) gauge.set({ route }, lag.bytes);
    },
  });
  metrics.gauge({
    name: 'cdc_route_state',
    help: '1 for the state in which a route stands.',
    labels: ['route', 'state'],
    async collect(gauge) {
      const found = await routes();
      gauge.reset();
      for (const { name: route, state } of found) gauge.set({ route, state }, 1);
    },
  });
  metrics.gauge({
    name: 'cdc_dead_letters',
    help: 'Changes set aside: failed were refused by the sink, parked wait behind them.',
    labels: ['route', 'state'],
    async collect(gauge) {
      const found = await deadLetters();
      gauge.reset();
      for (const { route, open, parked } of found) {
        gauge.set({ route, state: 'failed' }, open);
        gauge.set({ route, state: 'parked' }, parked);
      }
    },
  });
  metrics.gauge({
    name: 'cdc_route_rows_applied',
    help: 'Rows applied since the worker took the route.',
    labels: ['route'],
    async collect(gauge) {
      const found = await routes();
      gauge.reset();
      for (const { name: route, rowsApplied } of found) gauge.set({ route }, rowsApplied);
    },
  });
}

/** Whoever asks while a reading is under way gets that one. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
}
