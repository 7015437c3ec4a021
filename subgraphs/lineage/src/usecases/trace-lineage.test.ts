import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type GraphEdge, type ReadEdges, traceLineage } from './trace-lineage.ts';

function graphOf(...lines: string[]): ReadEdges {
  const edges = lines.map((line): GraphEdge => {
    const [from = '', to = ''] = line.split('>');
    return { from, to };
  });
  return readerOf(edges);
}

function readerOf(edges: readonly GraphEdge[]): ReadEdges {
  return async (steps, way, perNode) => {
    const near = way === 'forwards' ? 'from' : 'to';
    return steps.flatMap(({ node }) => edges.filter((edge) => edge[near] === node).slice(0, perNode));
  };
}

const all = { direction: 'BOTH', depth: 20, maxNodes: 1000 } as const;
const written = (edges: readonly GraphEdge[]) => edges.map(({ from, to }) => `${from}>${to}`).toSorted();

test('downstream follows the data, upstream goes back, both do not mix', async () => {
  const graph = graphOf('x>a', 'a>b', 'b>c', 'x>sibling', 'other>c');
  const down = await traceLineage(graph, 'a', { ...all, direction: 'DOWNSTREAM' });
  expect(down).toEqual({
    nodes: ['a', 'b', 'c'],
    edges: [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ],
    truncated: false,
  });
  const up = await traceLineage(graph, 'a', { ...all, direction: 'UPSTREAM' });
  expect(up.nodes).toEqual(['a', 'x']);
  const both = await traceLineage(graph, 'a', all);
  expect(both.nodes.toSorted()).toEqual(['a', 'b', 'c', 'x']);
});

test('depth counts hops; what lies beyond was not asked for', async () => {
  const graph = graphOf('a>b', 'b>c', 'c>d');
  const trace = await traceLineage(graph, 'a', { ...all, depth: 2 });
  expect(trace).toMatchObject({ nodes: ['a', 'b', 'c'], truncated: false });
});

test('self-edges and cycles end', async () => {
  const trace = await traceLineage(graphOf('a>a', 'a>b', 'b>a', 'b>c', 'c>b'), 'a', all);
  expect(trace.nodes.toSorted()).toEqual(['a', 'b', 'c']);
  expect(written(trace.edges)).toEqual(['a>a', 'a>b', 'b>a', 'b>c', 'c>b']);
});

test('on a cycle both walks go all the way', async () => {
  const trace = await traceLineage(graphOf('a>b', 'b>c', 'c>a', 'c>d', 'e>b'), 'a', all);
  expect(trace.nodes.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('more nodes than asked for are cut, and it says so', async () => {
  const hub = readerOf(Array.from({ length: 50 }, (_, i) => ({ from: 'hub', to: `n${i}` })));
  const cut = await traceLineage(hub, 'hub', { ...all, maxNodes: 10 });
  expect(cut.nodes).toHaveLength(10);
  expect(cut.truncated).toBe(true);
  const whole = await traceLineage(hub, 'hub', { ...all, maxNodes: 51 });
  expect(whole.nodes).toHaveLength(51);
  expect(whole.truncated).toBe(false);
});

const letters = fc.constantFrom(...'abcdefgh');
const edgesOf = fc.uniqueArray(fc.record({ from: letters, to: letters }), {
  selector: ({ from, to }) => from + to,
  maxLength: 25,
});

test('whatever the graph, it finds what is within the depth and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(edgesOf, letters, fc.integer({ min: 1, max: 6 }), async (edges, root, depth) => {
      const trace = await traceLineage(readerOf(edges), root, {
        direction: 'DOWNSTREAM',
        depth,
        maxNodes: 100,
      });
      let reached = new Set([root]);
      for (let hop = 0; hop < depth; hop += 1) {
        reached = new Set([...reached, ...edges.filter(({ from }) => reached.has(from)).map(({ to }) => to)]);
      }
      expect(trace.nodes.toSorted()).toEqual([...reached].toSorted());
      expect(trace.truncated).toBe(false);
    }),
  );
});

test('whatever the cap, it keeps to it, every edge joins nodes of the answer, and a cut is never silent', async () => {
  await fc.assert(
    fc.asyncProperty(edgesOf, letters, fc.integer({ min: 1, max: 8 }), async (edges, root, maxNodes) => {
      const whole = await traceLineage(readerOf(edges), root, all);
      const trace = await traceLineage(readerOf(edges), root, { ...all, maxNodes });
      expect(trace.nodes.length).toBeLessThanOrEqual(maxNodes);
      for (const { from, to } of trace.edges) {
        expect(trace.nodes).toContain(from);
        expect(trace.nodes).toContain(to);
      }
      if (!trace.truncated) expect(written(trace.edges)).toEqual(written(whole.edges));
    }),
  );
});
