import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { FetchObserver } from './execution/fetch-observer.ts';
import type { StreamCounter } from './transports/counted-stream.ts';

/** What the gateway counts, as functions for those who do it. */
export interface GatewayMetrics {
  readonly observeFetch: FetchObserver;
  readonly countStream: StreamCounter;
  readonly countError: (code: string) => void;
  readonly countRejected: (reason: string) => void;
  readonly countLost: (subgraph: string) => void;
}

/** Registers the gateway's metrics. */
export function createGatewayMetrics(metrics: Metrics, supergraphDigest: string): GatewayMetrics {
  const fetchSeconds = metrics.histogram({
    name: 'gateway_subgraph_fetch_seconds',
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
    help: 'Operations refused by a limit.',
    labels: ['reason'],
  });
  const open = metrics.gauge({
    name: 'gateway_subscriptions_open',
    help: 'Streams that clients hold open.',
    labels: ['transport'],
  });
  const sent = metrics.counter({
    name: 'gateway_subscription_events_total',
    help: 'Events sent to clients.',
    labels: ['transport'],
  });
  const lost = metrics.counter({
    name: 'gateway_subscription_lost_total',
    help: 'Breaks of streams from subgraphs; each is resumed from its cursor or told to the client.',
    labels: ['subgraph'],
  });
  metrics
    .gauge({ name: 'gateway_supergraph_info', help: 'The supergraph in use.', labels: ['digest'] })
    .set({ digest: supergraphDigest }, 1);
  return {
    observeFetch(subgraph) {
      const startedAt = performance.now();
      return (outcome) => fetchSeconds.observe({ subgraph, outcome }, (performance.now() - startedAt) / 1000);
    },
    countStream(transport) {
      open.inc({ transport });
      return { sent: () => sent.inc({ transport }), closed: () => open.dec({ transport }) };
    },
    countError: (code) => errors.inc({ code }),
    countRejected: (reason) => rejected.inc({ reason }),
    countLost: (subgraph) => lost.inc({ subgraph }),
  };
}
