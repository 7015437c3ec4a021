import type { Metrics } from '@spine/platform/metrics/create-metrics';

/** Counts what ingest does. */
export function observeIngest(
  metrics: Metrics,
  waiting: () => number,
): { readonly onGroup: (events: number, added: number) => void } {
  const events = metrics.counter({
    name: 'lineage_events_total',
    help: 'Events accepted, by whether they were new or known by their content.',
    labels: ['known'],
  });
  const groups = metrics.histogram({
    name: 'lineage_commit_events',
    help: 'Events that shared one commit.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  });
  metrics.gauge({
    name: 'lineage_events_waiting',
    help: 'Events that wait to be written.',
    collect: (gauge) => gauge.set(waiting()),
  });
  return {
    onGroup(count, added) {
      events.inc({ known: 'no' }, added);
      events.inc({ known: 'yes' }, count - added);
      groups.observe(count);
    },
  };
}
