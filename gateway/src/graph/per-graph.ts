import type { Graph } from './create-graph.ts';

/** Keeps one thing for each graph, made when first asked for and forgotten together with the graph. */
export function perGraph<T extends object>(make: (graph: Graph) => T): (graph: Graph) => T {
  const made = new WeakMap<Graph, T>();
  return (graph) => {
    const known = made.get(graph);
    if (known !== undefined) return known;
    const fresh = make(graph);
    made.set(graph, fresh);
    return fresh;
  };
}
