import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import type { Leaf } from './leaf.ts';

/** What the first entry follows. */
export const genesisHash = '0'.repeat(64);

/** The end of the chain so far. */
export interface ChainHead {
  readonly seq: bigint;
  readonly hash: string;
}

export const emptyChain: ChainHead = { seq: 0n, hash: genesisHash };

/** A leaf at its place in the chain; `body` is the canonical text that was hashed. */
export interface ChainedLeaf {
  readonly seq: bigint;
  readonly prevHash: string;
  readonly hash: string;
  readonly body: string;
  readonly leaf: Leaf;
}

/** The hash of an entry: sha256 of the previous hash's hex digits followed by the leaf's canonical JSON. */
export function entryHash(prevHash: string, body: string): string {
  return sha256Hex(prevHash + body);
}

/** Puts a leaf behind the head. */
export function chainLeaf(head: ChainHead, leaf: Leaf): ChainedLeaf {
  const body = canonicalJson(leaf);
  return { seq: head.seq + 1n, prevHash: head.hash, hash: entryHash(head.hash, body), body, leaf };
}
