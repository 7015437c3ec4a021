import { Problem } from '@spine/kernel/problem';
import { createStreamIterator } from '../links/stream-iterator.ts';
import type { SubgraphLink, SubgraphResult } from '../links/subgraph-link.ts';
import { SubgraphLost } from '../links/subgraph-lost.ts';

/** A link in process that can lose its service and find another, as happens to an HTTP link when a service restarts. */
export interface StoppableLink extends SubgraphLink {
  stop(): void;
  start(link: SubgraphLink): void;
}

/** Begins with a running service. */
export function createStoppableLink(first: SubgraphLink): StoppableLink {
  const { name } = first;
  let current: { readonly link: SubgraphLink; readonly stopped: AbortController } | null = null;
  const start = (link: SubgraphLink): void => {
    current = { link, stopped: new AbortController() };
  };
  start(first);
  return {
    name,
    remote: false,
    start,
    stop() {
      current?.stopped.abort();
      current = null;
    },
    async execute(request, signal) {
      if (current === null) throw new Problem('SERVICE_UNAVAILABLE', `${name} is stopped`);
      return await current.link.execute(request, signal);
    },
    subscribe(request, signal) {
      if (current === null) {
        return createStreamIterator<SubgraphResult>(
          () => Promise.reject(new SubgraphLost(name, new Error('stopped'))),
          { signal, onEnd: () => undefined },
        );
      }
      const { link, stopped } = current;
      return link.subscribe(request, AbortSignal.any([signal, stopped.signal]));
    },
    ready: async (signal) => (current === null ? `${name} is stopped` : await current.link.ready(signal)),
    close: async () => undefined,
  };
}
