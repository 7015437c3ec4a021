import { invariant } from '@spine/kernel/invariant';
import type { GraphQLSchema } from 'graphql';
import type { Graph } from './create-graph.ts';

/** The graph in use, which may be swapped: requests end on the graph that they were validated against. */
export interface GraphSource {
  current(): Graph;
  /** The graph that a schema belongs to, the present one or one before it that is still in use. */
  bySchema(schema: GraphQLSchema): Graph;
  /** Tells of each swap, after `current` changed. The returned function ends it. */
  onSwap(listener: (next: Graph) => void): () => void;
}

export interface SwappableGraph extends GraphSource {
  swap(next: Graph): void;
}

/** Creates a source that holds a graph until it is given the next. */
export function createGraphSource(first: Graph): SwappableGraph {
  const known = new WeakMap<GraphQLSchema, Graph>([[first.schema, first]]);
  const listeners = new Set<(next: Graph) => void>();
  let current = first;
  return {
    current: () => current,
    bySchema(schema) {
      const graph = known.get(schema);
      invariant(graph !== undefined, 'the schema belongs to no graph of this source');
      return graph;
    },
    onSwap(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    swap(next) {
      known.set(next.schema, next);
      current = next;
      for (const listener of [...listeners]) listener(next);
    },
  };
}
