import type { SubgraphLink } from '../links/subgraph-link.ts';
import type { SubgraphState } from './front-page.ts';

/** Asks each subgraph whether it is ready; one that says nothing for a second is not. */
export async function subgraphStates(links: Iterable<SubgraphLink>): Promise<readonly SubgraphState[]> {
  const signal = AbortSignal.timeout(1_000);
  return await Promise.all(
    [...links].map(async (link) => {
      const trouble = await link.ready(signal).catch(() => 'no answer');
      return { name: link.name, ready: trouble === null };
    }),
  );
}
