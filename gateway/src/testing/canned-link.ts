import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from '../links/subgraph-link.ts';

/** A subgraph that answers what a test tells it to, and remembers what it was asked. */
export interface CannedLink extends SubgraphLink {
  readonly asked: readonly SubgraphRequest[];
}

/** Creates one. What `answer` throws stands for a subgraph that is away. */
export function createCannedLink(
  name: string,
  answer: (request: SubgraphRequest, signal: AbortSignal) => SubgraphResult | Promise<SubgraphResult>,
): CannedLink {
  const asked: SubgraphRequest[] = [];
  return {
    name,
    remote: false,
    asked,
    async execute(request, signal) {
      asked.push(request);
      return structuredClone(await answer(request, signal));
    },
    subscribe: (_request, signal) =>
      createStreamIterator<SubgraphResult>(async () => streamEnd, { signal, onEnd: () => undefined }),
    ready: async () => null,
    close: async () => undefined,
  };
}
