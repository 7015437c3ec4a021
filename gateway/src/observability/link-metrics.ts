import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { BreakerState } from '../links/breaker-state.ts';

/** Figures of the links: what is refused, tried again or shared on the way to a subgraph. */
export interface LinkMetrics {
  readonly setBreaker: (subgraph: string, state: BreakerState) => void;
  /** A call that the breaker refused. */
  readonly countRefused: (subgraph: string) => void;
  readonly countRetry: (subgraph: string) => void;
  /** A fetch that was answered by an equal one already under way. */
  readonly countShared: (subgraph: string) => void;
}

const levels: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Registers them. */
export function createLinkMetrics(metrics: Metrics): LinkMetrics {
  const breaker = metrics.gauge({
    name: 'gateway_breaker_state',
    help: 'Whether a subgraph is asked: 0 it is, 1 it is being tried, 2 it is not.',
    labels: ['subgraph'],
  });
  const refused = metrics.counter({
    name: 'gateway_breaker_refused_total',
    help: 'Fetches that failed at once because their subgraph does not answer.',
    labels: ['subgraph'],
  });
  const retries = metrics.counter({
    name: 'gateway_fetch_retries_total',
    help: 'Queries sent again after their connection broke before any answer.',
    labels: ['subgraph'],
  });
  const shared = metrics.counter({
    name: 'gateway_fetches_shared_total',
    help: 'Fetches answered by an equal one for the same principal that was under way.',
    labels: ['subgraph'],
  });
  return {
    setBreaker: (subgraph, state) => breaker.set({ subgraph }, levels[state]),
    countRefused: (subgraph) => refused.inc({ subgraph }),
    countRetry: (subgraph) => retries.inc({ subgraph }),
    countShared: (subgraph) => shared.inc({ subgraph }),
  };
}
