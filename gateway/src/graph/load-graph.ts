import { readFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import { createGraph, type Graph } from './create-graph.ts';

/** Reads the supergraph of a file. Throws when there is none, or when it needs a subgraph that no link reaches. */
export function loadGraph(file: string, linked: readonly string[]): Graph {
  const graph = createGraph(read(file));
  const missing = graph.subgraphs.filter((name) => !linked.includes(name));
  if (missing.length > 0) {
    throw new Problem('CONFIG_INVALID', `the supergraph needs ${missing.join(', ')}, which no link reaches`, {
      fix: 'Compose the supergraph of the services that run: npm run schema.',
    });
  }
  return graph;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('CONFIG_INVALID', `there is no supergraph at ${file}`, {
      fix: 'Write it by npm run schema, or name another by SPINE_GATEWAY_SUPERGRAPH.',
      cause,
    });
  }
}
