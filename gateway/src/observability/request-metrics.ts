import type { Metrics } from '@spine/platform/metrics/create-metrics';

/** Figures of requests: how many, how long, where the time went, what was refused. */
export interface RequestMetrics {
  /** An answer of /graphql over HTTP; a stream is none. */
  readonly observeHttp: (method: string, status: number, seconds: number) => void;
  /** Time of a request in which no subgraph was being waited for. */
  readonly observeOverhead: (seconds: number) => void;
  /** A plan that was kept from an earlier request. */
  readonly countPlanHit: () => void;
  /** A plan that had to be made. */
  readonly observePlan: (seconds: number) => void;
  readonly observeFetch: (subgraph: string, outcome: string, seconds: number) => void;
  readonly countError: (code: string) => void;
  /** An operation refused by a limit, the list of trusted documents, a rate. */
  readonly countRejected: (reason: string) => void;
  /** The cost of an operation by @cost and @listSize, before it runs. */
  readonly observeCost: (cost: number) => void;
  /** The supergraph in use from now on. */
  readonly setSupergraph: (digest: string) => void;
}

const costBuckets = [1, 5, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** Registers them. */
export function createRequestMetrics(metrics: Metrics): RequestMetrics {
  const requests = metrics.counter({
    name: 'gateway_http_requests_total',
    help: 'Answers of /graphql over HTTP, by method and status.',
    labels: ['method', 'status'],
  });
  const requestSeconds = metrics.histogram({
    name: 'gateway_http_request_duration_seconds',
    help: 'Time to answer a request for /graphql over HTTP.',
  });
  const overhead = metrics.histogram({
    name: 'gateway_overhead_seconds',
    help: 'Time of a request in which no subgraph was being waited for.',
  });
  const planHits = metrics.counter({
    name: 'gateway_plan_cache_hits_total',
    help: 'Plans that were kept from an earlier request.',
  });
  const planSeconds = metrics.histogram({
    name: 'gateway_plan_duration_seconds',
    help: 'Time to make a plan; its count is the misses of the plan cache.',
  });
  const fetchSeconds = metrics.histogram({
    name: 'gateway_subgraph_fetch_duration_seconds',
    help: 'Time that a fetch from a subgraph took, by how it ended.',
    labels: ['subgraph', 'outcome'],
  });
  const errors = metrics.counter({
    name: 'gateway_graphql_errors_total',
    help: 'Errors sent to clients over HTTP, by code.',
    labels: ['code'],
  });
  const rejected = metrics.counter({
    name: 'gateway_rejected_total',
    help: 'Operations refused before they ran, by reason.',
    labels: ['reason'],
  });
  const cost = metrics.histogram({
    name: 'gateway_cost_estimated',
    help: 'Estimated cost of operations.',
    buckets: costBuckets,
  });
  const supergraph = metrics.gauge({
    name: 'gateway_supergraph_info',
    help: 'The supergraph in use.',
    labels: ['digest'],
  });
  // The handle of one series: finding it by its labels each time costs more than counting.
  const fetchSeries = new Map<string, { observe(seconds: number): void }>();
  return {
    observeHttp(method, status, seconds) {
      requests.inc({ method, status: String(status) });
      requestSeconds.observe(seconds);
    },
    observeOverhead: (seconds) => overhead.observe(seconds),
    countPlanHit: () => planHits.inc(),
    observePlan: (seconds) => planSeconds.observe(seconds),
    observeFetch(subgraph, outcome, seconds) {
      const key = `${subgraph} ${outcome}`;
      let series = fetchSeries.get(key);
      if (series === undefined) {
        series = fetchSeconds.labels({ subgraph, outcome });
        fetchSeries.set(key, series);
      }
      series.observe(seconds);
    },
    countError: (code) => errors.inc({ code }),
    countRejected: (reason) => rejected.inc({ reason }),
    observeCost: (estimated) => cost.observe(estimated),
    setSupergraph(digest) {
      supergraph.reset();
      supergraph.set({ digest }, 1);
    },
  };
}
