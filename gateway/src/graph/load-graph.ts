import { Problem } from '@spine/kernel/problem';
import { createGraph, type Graph } from './create-graph.ts';
import type { SupergraphText } from './supergraph-reader.ts';
import type { VerifySupergraph } from './verify-supergraph.ts';

export interface LoadOptions {
  readonly verify: VerifySupergraph;
  /** Names of the subgraphs that a link reaches. */
  readonly linked: readonly string[];
}

/** Makes a graph of a text that was read. Throws when it is not to be trusted, is no supergraph, or needs a subgraph without a link. */
export function loadGraph(text: SupergraphText, { verify, linked }: LoadOptions): Graph {
  verify(text);
  const graph = createGraph(text.sdl);
  const missing = graph.subgraphs.filter((name) => !linked.includes(name));
  if (missing.length > 0) {
    throw new Problem('CONFIG_INVALID', `the supergraph needs ${missing.join(', ')}, which no link reaches`, {
      fix: 'Compose the supergraph of the services that run: npm run schema.',
    });
  }
  return graph;
}
