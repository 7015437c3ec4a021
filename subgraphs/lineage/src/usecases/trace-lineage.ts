/** Which way to walk: to where data came from, to where it went, or both ways from the root. */
export type TraceDirection = 'UPSTREAM' | 'DOWNSTREAM' | 'BOTH';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** The edges that leave (or, backwards, enter) any of the nodes, at most `perNode` for each. */
export type ReadEdges = (
  nodes: readonly string[],
  way: 'forwards' | 'backwards',
  perNode: number,
) => Promise<readonly GraphEdge[]>;

export interface Trace {
  /** Ids in the order they were reached, the root first. */
  readonly nodes: readonly string[];
  /** Every known edge between two of `nodes` that the walk followed, each once. */
  readonly edges: readonly GraphEdge[];
  /** True when a cap cut off nodes or edges within the depth; what lies beyond the depth was not asked for. */
  readonly truncated: boolean;
}

/** The most edges of one answer. */
const maxEdges = 20_000;

/**
 * Walks the graph level by level, one query a level and way. Ends at `depth` hops, at `maxNodes` nodes, or where nothing new
 * is reached: cycles and self-edges end it like everything else. Both ways are two walks, so that a sibling that merely
 * shares an ancestor with the root is not taken for lineage.
 */
export async function traceLineage(
  readEdges: ReadEdges,
  root: string,
  options: { readonly direction: TraceDirection; readonly depth: number; readonly maxNodes: number },
): Promise<Trace> {
  const { direction, depth, maxNodes } = options;
  const nodes = new Set([root]);
  const edges = new Map<string, GraphEdge>();
  let truncated = false;

  if (direction !== 'DOWNSTREAM') await walk('backwards');
  if (direction !== 'UPSTREAM') await walk('forwards');
  return { nodes: [...nodes], edges: [...edges.values()], truncated };

  async function walk(way: 'forwards' | 'backwards'): Promise<void> {
    // Apart from `nodes`: what the other walk has reached is still to be walked on from here.
    const seen = new Set([root]);
    let frontier = [root];
    for (let hop = 0; hop < depth && frontier.length > 0; hop += 1) {
      const next: string[] = [];
      // One more than could be shown, so that a cut is noticed.
      const perNode = maxNodes + 1;
      const level = await readEdges(frontier, way, perNode);
      const fanOut = new Map<string, number>();
      for (const edge of level) {
        const [here, there] = way === 'forwards' ? [edge.from, edge.to] : [edge.to, edge.from];
        const count = (fanOut.get(here) ?? 0) + 1;
        fanOut.set(here, count);
        if (count >= perNode || edges.size >= maxEdges) truncated = true;
        if (edges.size >= maxEdges) continue;
        if (!nodes.has(there) && nodes.size >= maxNodes) {
          truncated = true;
          continue;
        }
        nodes.add(there);
        edges.set(`${edge.from} ${edge.to}`, edge);
        if (!seen.has(there)) {
          seen.add(there);
          next.push(there);
        }
      }
      frontier = next;
    }
  }
}
