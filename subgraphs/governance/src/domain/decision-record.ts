import type { ChainedLeaf } from './chain.ts';
import type { Leaf, LeafDecision } from './leaf.ts';

/** One decision as the graph shows it: a row for each (batch, table). */
export interface DecisionRecord extends LeafDecision {
  /** Place in the ledger: entry, then position in the leaf. */
  readonly seq: bigint;
  readonly ordinal: number;
  readonly batchId: string;
  readonly kind: Leaf['kind'];
  readonly route: string;
  readonly source: string;
  readonly sink: string;
  readonly sourceRegion: string | null;
  readonly sinkRegion: string | null;
  readonly matrixVersion: number;
  readonly decidedAt: string;
  /** The ledger entry that replaced this one's. */
  readonly supersededBy: bigint | null;
}

/** The decisions of an entry, with the regions that its matrix gives the two ends. */
export function decisionsOf(
  { seq, leaf }: ChainedLeaf,
  regionOf: (kind: 'source' | 'sink', name: string) => string | null,
): readonly DecisionRecord[] {
  return leaf.decisions.map((decision, ordinal) => ({
    ...decision,
    seq,
    ordinal,
    batchId: leaf.batchId,
    kind: leaf.kind,
    route: leaf.route,
    source: leaf.source,
    sink: leaf.sink,
    sourceRegion: regionOf('source', leaf.source),
    sinkRegion: regionOf('sink', leaf.sink),
    matrixVersion: leaf.matrixVersion,
    decidedAt: leaf.decidedAt,
    supersededBy: null,
  }));
}

/** A decision's id names its place in the ledger. */
export function decisionId(place: { readonly seq: bigint; readonly ordinal: number }): string {
  return `${place.seq}-${place.ordinal}`;
}

/** Reads a decision's id; undefined for any other text. */
export function parseDecisionId(id: string): { readonly seq: bigint; readonly ordinal: number } | undefined {
  const match = /^([1-9]\d{0,18})-(\d{1,9})$/.exec(id);
  if (!match) return undefined;
  const seq = BigInt(match[1] ?? '');
  return seq <= 9_223_372_036_854_775_807n ? { seq, ordinal: Number(match[2]) } : undefined;
}
