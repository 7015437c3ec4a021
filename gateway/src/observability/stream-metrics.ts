import type { Metrics } from '@spine/platform/metrics/create-metrics';
import type { StreamCounter } from '../transports/stream-counter.ts';

/** Why a stream from a subgraph is opened anew: it broke, the supergraph was swapped, a client fell behind, ... */
export type ReconnectReason = 'lost' | 'swap' | 'catch_up' | 'reauthorise';

/** Figures of subscriptions. */
export interface StreamMetrics {
  readonly countStream: StreamCounter;
  /** Gaps that were told, and events that a client got later than others. */
  readonly countEvents: (kind: 'gap' | 'replayed') => void;
  /** A stream that begins to read what it missed; the returned function says that it has caught up, or ended. */
  readonly catchUp: () => () => void;
  readonly countReconnect: (reason: ReconnectReason) => void;
}

/** Registers them. */
export function createStreamMetrics(metrics: Metrics): StreamMetrics {
  const open = metrics.gauge({
    name: 'subscription_open',
    help: 'Streams that clients hold open.',
    labels: ['transport'],
  });
  const sent = metrics.counter({
    name: 'subscription_events_sent_total',
    help: 'Events sent to clients.',
    labels: ['transport'],
  });
  const events = {
    gap: metrics.counter({ name: 'subscription_events_gap_total', help: 'Gaps that clients were told of.' }),
    replayed: metrics.counter({
      name: 'subscription_events_replayed_total',
      help: 'Events that a client who had fallen behind got from the table of the subgraph.',
    }),
  };
  const lag = metrics.histogram({
    name: 'subscription_lag_seconds',
    help: 'Time from reading an event from its subgraph to sending it to a client.',
  });
  const catchingUp = metrics.gauge({
    name: 'subscription_catchup_active',
    help: 'Streams that read what they missed.',
  });
  const reconnects = metrics.counter({
    name: 'subscription_reconnects_total',
    help: 'Streams from subgraphs that were opened anew after their last cursor, by reason.',
    labels: ['reason'],
  });
  return {
    countStream(transport) {
      const openOf = open.labels({ transport });
      const sentOf = sent.labels({ transport });
      openOf.inc();
      return {
        sent({ readAt }) {
          sentOf.inc();
          if (readAt !== undefined) lag.observe((performance.now() - readAt) / 1000);
        },
        closed: () => openOf.dec(),
      };
    },
    countEvents: (kind) => events[kind].inc(),
    catchUp() {
      catchingUp.inc();
      return () => catchingUp.dec();
    },
    countReconnect: (reason) => reconnects.inc({ reason }),
  };
}
