import type { Clock } from '@spine/platform/clock';
import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { Database } from '@spine/platform/postgres/create-database';
import type { CdcTables } from '../../store/cdc-tables.ts';
import { countOpenFindings } from '../../store/findings.ts';
import { listScans } from '../../store/scans.ts';

/** Exposes to Prometheus whether somebody unregistered stands open, and whether anybody looks. */
export function observeScans(metrics: Metrics, database: Database<CdcTables>, clock: Clock): void {
  metrics.gauge({
    name: 'cdc_findings_open',
    help: 'Consumers that nobody registered, open or rejected and still there.',
    async collect(gauge) {
      gauge.set(await countOpenFindings(database.kysely));
    },
  });
  metrics.gauge({
    name: 'cdc_scan_age_seconds',
    help: 'Since the last scan for such consumers began.',
    async collect(gauge) {
      const [last] = await listScans(database.kysely, { before: null, limit: 1 });
      if (last !== undefined) gauge.set((clock.now().getTime() - last.startedAt.getTime()) / 1_000);
    },
  });
}
