import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

interface MetricOptions {
  /** Without the prefix: `cdc_rows_applied_total` becomes `spine_cdc_rows_applied_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** One registry a service, served at /metrics in Prometheus's text format. */
export interface Metrics {
  readonly registry: Registry;
  counter(options: MetricOptions): Counter;
  gauge(options: MetricOptions): Gauge;
  histogram(options: MetricOptions & { readonly buckets?: readonly number[] }): Histogram;
}

/** Metrics of a service with Node's own beside them; every name begins with `spine_`. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const base = ({ name, help, labels }: MetricOptions) => ({
    name: `spine_${name}`,
    help,
    labelNames: [...(labels ?? [])],
    registers: [registry],
  });
  return {
    registry,
    counter: (options) => new Counter(base(options)),
    gauge: (options) => new Gauge(base(options)),
    histogram: (options) =>
      new Histogram({ ...base(options), ...(options.buckets && { buckets: [...options.buckets] }) }),
  };
}
