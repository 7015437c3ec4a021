import type { GraphStep } from '../domain/graph-step.ts';

/** Which way to walk: to where data came from, to where it went, or both ways from the root. */
export type TraceDirection = 'UPSTREAM' | 'DOWNSTREAM' | 'BOTH';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** The edges along which data goes on from the steps (or, backwards, came to them), at most `perNode` for each. */
export type ReadEdges = (
  steps: readonly GraphStep[],
  way: 'forwards' | 'backwards',
  perNode: number,
) => Promise<readonly GraphEdge[]>;

export interface Trace {
  /** Ids in the order they were reached, the root first. */
  readonly nodes: readonly string[];
  /** Every edge that the walk followed between two of `nodes`, each once. */
  readonly edges: readonly GraphEdge[];
  /** True when a cap cut off nodes or edges within the depth; what lies beyond the depth was not asked for. */
  readonly truncated: boolean;
}

/** The most edges of one answer. */
const maxEdges = 20_000;

/**
 * Walks from a dataset level by level, one query a level and way, datasets and jobs by turns. Ends at `depth` hops, at
 * `maxNodes` nodes, or where nothing new is reached: cycles end it like everything else. Both ways are two walks, so that a
 * sibling that merely shares an ancestor with the root is not taken for lineage.
 */
export async function traceLineage(
  readEdges: ReadEdges,
  root: string,
  options: { readonly direction: TraceDirection; readonly depth: number; readonly maxNodes: number },
): Promise<Trace> {
  const { direction, depth, maxNodes } = options;
  // One more than could be shown, so that a cut is noticed.
  const perNode = maxNodes + 1;
  const nodes = new Set([root]);
  const edges = new Map<string, GraphEdge>();
  let truncated = false;

  if (direction !== 'DOWNSTREAM') await walk('backwards');
  if (direction !== 'UPSTREAM') await walk('forwards');
  return { nodes: [...nodes], edges: [...edges.values()], truncated };

  async function walk(way: 'forwards' | 'backwards'): Promise<void> {
    // Its own, apart from `nodes`: what the other walk has reached is still to be walked on from here. A job is walked on
    // from once for each dataset that led to it.
    const seen = new Set([root]);
    let frontier: readonly GraphStep[] = [{ node: root, via: [] }];
    for (let hop = 0; hop < depth && frontier.length > 0; hop += 1) {
      const atDatasets = hop % 2 === 0;
      const next = new Map<string, string[]>();
      for (const edge of await read(frontier, way)) {
        if (!keep(edge, way)) continue;
        const [here, there] = ends(edge, way);
        const arrival = atDatasets ? `${there} ${here}` : there;
        if (seen.has(arrival)) continue;
        seen.add(arrival);
        next.set(there, [...(next.get(there) ?? []), ...(atDatasets ? [here] : [])]);
      }
      frontier = [...next].map(([node, via]) => ({ node, via }));
    }
  }

  async function read(frontier: readonly GraphStep[], way: 'forwards' | 'backwards') {
    const level = await readEdges(frontier, way, perNode);
    const fanOut = new Map<string, number>();
    for (const edge of level) {
      const [here] = ends(edge, way);
      const count = (fanOut.get(here) ?? 0) + 1;
      fanOut.set(here, count);
      if (count >= perNode) truncated = true;
    }
    return level;
  }

  /** Whether the edge finds room in the answer. */
  function keep(edge: GraphEdge, way: 'forwards' | 'backwards'): boolean {
    const key = `${edge.from} ${edge.to}`;
    if (edges.has(key)) return true;
    const [, there] = ends(edge, way);
    if (edges.size >= maxEdges || (!nodes.has(there) && nodes.size >= maxNodes)) {
      truncated = true;
      return false;
    }
    nodes.add(there);
    edges.set(key, edge);
    return true;
  }
}

function ends(edge: GraphEdge, way: 'forwards' | 'backwards'): readonly [here: string, there: string] {
  return way === 'forwards' ? [edge.from, edge.to] : [edge.to, edge.from];
}
