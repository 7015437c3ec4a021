import { canonicalJson, sha256Hex } from './canonical-json.ts';

/** What the first entry of a chain follows. */
export const genesisHash = '0'.repeat(64);

/** The hash of an entry: sha256 of the previous hash's hex digits followed by the entry's canonical JSON. */
export function chainHash(prevHash: string, body: string): string {
  return sha256Hex(prevHash + body);
}

/** An entry as it is exported; `entry` is what was hashed, in its canonical form. */
export interface ChainedEntry {
  /** 1..n without gaps. */
  readonly seq: bigint;
  readonly prevHash: string;
  readonly hash: string;
  readonly entry: unknown;
}

/** Follows a chain entry by entry. */
export interface ChainCheck {
  /** What is wrong with the entry, or null. */
  next(entry: ChainedEntry): string | null;
  /** The last entry that was right. */
  head(): { readonly seq: bigint; readonly hash: string };
  readonly entries: number;
}

/** Begins a check. A chain that begins behind its first entry (a part that was exported) is taken at its own word there. */
export function createChainCheck(): ChainCheck {
  let head = { seq: 0n, hash: genesisHash };
  let entries = 0;
  return {
    next({ seq, prevHash, hash, entry }) {
      const fault =
        entries > 0 && seq !== head.seq + 1n
          ? `entry ${seq} follows entry ${head.seq}: entries are missing between them`
          : prevHash !== head.hash && (entries > 0 || seq === 1n)
            ? `entry ${seq} does not follow the hash of the entry before it`
            : chainHash(prevHash, canonicalJson(entry)) !== hash
              ? `entry ${seq} is not what its hash says`
              : null;
      if (fault !== null) return fault;
      head = { seq, hash };
      entries += 1;
      return null;
    },
    head: () => head,
    get entries() {
      return entries;
    },
  };
}
