import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionBroken } from './connection-broken.ts';
import { isQuery } from './is-query.ts';
import type { SubgraphLink } from './subgraph-link.ts';

const longestWaitMs = 50;

/**
 * The same link, which sends a query a second time when its connection broke before any byte of the answer: so ends a
 * connection that a restarted subgraph no longer knows. Within the caller's time; a mutation is never sent twice.
 */
export function withRetry(link: SubgraphLink, onRetry: () => void): SubgraphLink {
  return {
    ...link,
    async execute(request, signal) {
      try {
        return await link.execute(request, signal);
      } catch (error) {
        if (!(error instanceof ConnectionBroken) || signal.aborted || !isQuery(request.query)) throw error;
        // Jitter: many requests lose their connections in the same moment.
        await sleep(Math.random() * longestWaitMs, undefined, { signal }).catch(() => undefined);
        signal.throwIfAborted();
        onRetry();
        return await link.execute(request, signal);
      }
    },
  };
}
