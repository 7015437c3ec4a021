import type { ServiceHost } from '@spine/platform/service/create-service-host';
import type { Graph } from './create-graph.ts';
import type { FollowedGraph } from './follow-supergraph.ts';

export interface KeepCurrentDeps {
  readonly host: Pick<ServiceHost, 'metrics' | 'probe'>;
  readonly everyMs: number;
  /** Gets a new graph ready while the one before it serves. */
  readonly warm: (next: Graph) => Promise<void>;
  /** Told the digest of the supergraph in use. */
  readonly onSwap: (digest: string) => void;
}

/** Follows the supergraph from now on, and shows in metrics and in /readyz when a newer one could not take over. */
export function keepGraphCurrent(graphs: FollowedGraph, deps: KeepCurrentDeps): void {
  const { host, everyMs, warm, onSwap } = deps;
  const loads = host.metrics.counter({
    name: 'gateway_supergraph_loads_total',
    help: 'Newer supergraphs that were found: swapped into use, or refused and the last good one kept.',
    labels: ['outcome'],
  });
  host.metrics.gauge({
    name: 'gateway_supergraph_stale',
    help: '1 while a newer supergraph cannot be used or read.',
    collect: (gauge) => gauge.set(graphs.fault() === null ? 0 : 1),
  });
  // The gateway is of use with the last good one: degraded, not down.
  host.probe('supergraph', () => {
    const fault = graphs.fault();
    return fault === null ? undefined : { degraded: fault };
  });
  graphs.follow({
    everyMs,
    warm,
    onOutcome(outcome, { digest }) {
      loads.inc({ outcome });
      if (outcome === 'swapped') onSwap(digest);
    },
  });
}
