import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { addProcessMetrics } from './process-metrics.ts';

export interface MetricOptions<Label extends string> {
  /** Without the prefix `spine_`, with its unit: `http_request_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** A service's own metrics; every name begins with `spine_` and every sample says its service. */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label>;
  gauge<Label extends string = never>(
    options: MetricOptions<Label> & { readonly collect?: (gauge: Gauge<Label>) => void | Promise<void> },
  ): Gauge<Label>;
  histogram<Label extends string = never>(
    options: MetricOptions<Label> & { readonly buckets?: readonly number[] },
  ): Histogram<Label>;
}

/** Seconds, from half a millisecond to ten. */
const latencyBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes a registry of its own: services that share a process do not share metrics. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const metrics: Metrics = {
    registry,
    counter: ({ name, help, labels = [] }) =>
      new Counter({ name: `spine_${name}`, help, labelNames: labels, registers: [registry] }),
    gauge: ({ name, help, labels = [], collect }) =>
      new Gauge({
        name: `spine_${name}`,
        help,
        labelNames: labels,
        registers: [registry],
        ...(collect === undefined
          ? {}
          : {
              collect() {
                return collect(this);
              },
            }),
      }),
    histogram: ({ name, help, labels = [], buckets = latencyBuckets }) =>
      new Histogram({
        name: `spine_${name}`,
        help,
        labelNames: labels,
        buckets: [...buckets],
        registers: [registry],
      }),
  };
  addProcessMetrics(metrics);
  return metrics;
}
