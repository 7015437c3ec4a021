import type { Comparison, Findings } from '../difference.ts';
import type { CombinedShape, Shape } from './shape.ts';
import type { ShapeComparer } from './shape-comparer.ts';

/** Compares two products or sums of schemas: their criteria, how many they are, and which reads which. */
export function compareCombined(
  { compare, budget }: ShapeComparer,
  findings: Findings,
  writer: CombinedShape,
  reader: CombinedShape,
): void {
  if (writer.criterion !== reader.criterion) {
    if (!isWider(writer, reader)) {
      findings.add('COMBINED_TYPE_CHANGED');
      return;
    }
    findings.add('COMBINED_TYPE_EXTENDED');
  }
  const [before, after] = [writer.parts.length, reader.parts.length];
  if (before < after)
    findings.add(reader.criterion === 'allOf' ? 'PRODUCT_TYPE_EXTENDED' : 'SUM_TYPE_EXTENDED');
  if (before > after)
    findings.add(writer.criterion === 'allOf' ? 'PRODUCT_TYPE_NARROWED' : 'SUM_TYPE_NARROWED');

  const edges = writer.parts.map((part) => readersOf(part));
  const matched = matchAll(edges, budget.spend);
  for (const [index, edge] of matched) findings.take(edge, { steps: [writer.criterion, index] });
  if (matched.size < Math.min(before, after)) findings.add('COMBINED_TYPE_SUBSCHEMAS_CHANGED');

  function readersOf(part: Shape): ReadonlyMap<number, Comparison> {
    const found = new Map<number, Comparison>();
    for (const [index, candidate] of reader.parts.entries()) {
      const comparison = compare(part, candidate);
      if (comparison.isCompatible) found.set(index, comparison);
    }
    return found;
  }
}

/** A sum of any may stand for all others; one schema alone is the same under every criterion. */
function isWider(writer: CombinedShape, reader: CombinedShape): boolean {
  if (reader.criterion === 'anyOf') return true;
  if (reader.criterion === 'oneOf' && writer.parts.length === 1) return true;
  return reader.parts.length === 1 && (writer.parts.length === 1 || writer.criterion === 'allOf');
}

type Edges = readonly ReadonlyMap<number, Comparison>[];

/** As many pairs as can be had where each of one side goes with one of the other (Kuhn 1955), by index of the first side. */
function matchAll(edges: Edges, spend: (steps: number) => void): ReadonlyMap<number, Comparison> {
  const ownerOf = new Map<number, number>();
  const ownedBy = new Map<number, number>();
  for (const start of edges.keys()) {
    // Breadth first, so that a long chain of exchanges needs no stack.
    const askedBy = new Map<number, number>();
    let free = findFree(edges, start, { ownerOf, askedBy, spend });
    // Hands each one on the way back to who asked for it.
    while (free !== undefined) {
      const one = askedBy.get(free);
      if (one === undefined) break;
      const before = ownedBy.get(one);
      ownerOf.set(free, one);
      ownedBy.set(one, free);
      free = before;
    }
  }
  const matched = new Map<number, Comparison>();
  for (const [one, row] of edges.entries()) {
    const comparison = row.get(ownedBy.get(one) ?? -1);
    if (comparison !== undefined) matched.set(one, comparison);
  }
  return matched;
}

/** The nearest one of the other side that nobody has, by exchanges that begin at `start`. */
function findFree(
  edges: Edges,
  start: number,
  search: {
    readonly ownerOf: ReadonlyMap<number, number>;
    readonly askedBy: Map<number, number>;
    spend(steps: number): void;
  },
): number | undefined {
  const queue = [start];
  for (const one of queue) {
    for (const other of edges[one]?.keys() ?? []) {
      search.spend(1);
      if (search.askedBy.has(other)) continue;
      search.askedBy.set(other, one);
      const owner = search.ownerOf.get(other);
      if (owner === undefined) return other;
      queue.push(owner);
    }
  }
  return undefined;
}
