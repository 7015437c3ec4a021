import { canonicalJson } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import { type ChainedLeaf, type ChainHead, chainLeaf } from './chain.ts';
import type { Leaf } from './leaf.ts';

/** The final leaf of a batch as the ledger knows it. */
export interface FinalLeaf {
  readonly seq: bigint;
  readonly hash: string;
  readonly body: string;
  readonly matrixVersion: number;
  readonly matrixDigest: string;
}

/** What became of one leaf of a request. */
export interface LeafResult {
  readonly batchId: string;
  readonly status: 'appended' | 'exists' | 'stale_matrix';
  readonly seq?: bigint;
  readonly hash?: string;
  /** Of the entry; of the active matrix (0: none) when the leaf's own is stale. */
  readonly matrixVersion: number;
}

export interface AppendPlan {
  readonly results: readonly LeafResult[];
  readonly appended: readonly ChainedLeaf[];
  /** Batches whose final leaf is replaced, with the entry that replaces it. */
  readonly replaced: readonly { readonly batchId: string; readonly seq: bigint; readonly by: bigint }[];
}

/**
 * Decides what to append, in order. Nothing is appended under a matrix that is not active. A batch has one final leaf: the
 * same leaf again exists; the same batch decided anew under another matrix replaces it, as does one that says so by
 * `supersedes`. Throws CONFLICT when a leaf supersedes what is not final.
 */
export function planAppend(
  head: ChainHead,
  active: { readonly version: number; readonly digest: string } | null,
  finals: ReadonlyMap<string, FinalLeaf>,
  leaves: readonly Leaf[],
): AppendPlan {
  const known = new Map(finals);
  const results: LeafResult[] = [];
  const appended: ChainedLeaf[] = [];
  const replaced: { batchId: string; seq: bigint; by: bigint }[] = [];
  let last: ChainHead = head;
  for (const leaf of leaves) {
    const { batchId } = leaf;
    if (active === null || leaf.matrixVersion !== active.version || leaf.matrixDigest !== active.digest) {
      results.push({ batchId, status: 'stale_matrix', matrixVersion: active?.version ?? 0 });
      continue;
    }
    const own = known.get(batchId);
    if (own !== undefined && !replaces(leaf, own)) {
      const { seq, hash, matrixVersion } = own;
      results.push({ batchId, status: 'exists', seq, hash, matrixVersion });
      continue;
    }
    const entry = chainLeaf(last, leaf);
    last = entry;
    appended.push(entry);
    const target = own === undefined ? leaf.supersedes : batchId;
    if (target !== undefined) {
      const before = known.get(target);
      if (before === undefined) {
        throw new Problem('CONFLICT', `batch ${batchId} supersedes ${target}, which has no final leaf`, {
          fix: 'Ask GET /internal/leaves/next for the leaf that follows the checkpoint and form that batch again.',
        });
      }
      replaced.push({ batchId: target, seq: before.seq, by: entry.seq });
      known.delete(target);
    }
    known.set(batchId, {
      seq: entry.seq,
      hash: entry.hash,
      body: entry.body,
      matrixVersion: leaf.matrixVersion,
      matrixDigest: leaf.matrixDigest,
    });
    results.push({
      batchId,
      status: 'appended',
      seq: entry.seq,
      hash: entry.hash,
      matrixVersion: leaf.matrixVersion,
    });
  }
  return { results, appended, replaced };
}

/** A leaf under another matrix was decided anew; one under the same is a repetition unless it says that it supersedes. */
function replaces(leaf: Leaf, final: FinalLeaf): boolean {
  if (leaf.matrixDigest !== final.matrixDigest) return true;
  return leaf.supersedes === leaf.batchId && canonicalJson(leaf) !== final.body;
}
