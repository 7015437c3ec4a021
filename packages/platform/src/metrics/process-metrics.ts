import { performance } from 'node:perf_hooks';
import type { Gauge } from 'prom-client';

/** What makes a gauge that is read when it is scraped. */
type MakeGauge = (options: {
  readonly name: string;
  readonly help: string;
  readonly collect: (gauge: Gauge) => void;
}) => unknown;

/** Memory, CPU and event loop of this process, read when asked: no timer, nothing to close. */
export function addProcessMetrics(metrics: { readonly gauge: MakeGauge }): void {
  let before = performance.eventLoopUtilization();
  metrics.gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process.',
    collect: (gauge) => gauge.set(process.memoryUsage.rss()),
  });
  metrics.gauge({
    name: 'process_heap_used_bytes',
    help: 'Heap in use.',
    collect: (gauge) => gauge.set(process.memoryUsage().heapUsed),
  });
  metrics.gauge({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the process, user and system.',
    collect: (gauge) => {
      const { user, system } = process.cpuUsage();
      gauge.set((user + system) / 1e6);
    },
  });
  metrics.gauge({
    name: 'process_start_time_seconds',
    help: 'When the process started, seconds since 1970.',
    collect: (gauge) => gauge.set(performance.timeOrigin / 1000),
  });
  metrics.gauge({
    name: 'process_event_loop_utilization_ratio',
    help: 'Share of time the event loop was busy since the last scrape.',
    collect: (gauge) => {
      const now = performance.eventLoopUtilization();
      gauge.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  });
}
