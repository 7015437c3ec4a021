import { canonicalJson } from '@spine/kernel/canonical-json';
import { formatLsn, parseLsn } from '@spine/kernel/lsn';
import { type ChainHead, emptyChain, entryHash } from '../domain/chain.ts';
import type { GovernanceDb } from '../store/governance-tables.ts';
import { type LedgerEntry, listEntries } from '../store/ledger.ts';

/** What a walk along the chain found. */
export interface LedgerReport {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: { readonly seq: number; readonly hash: string };
  /** The first seq where the chain does not hold. */
  readonly brokenAt?: number;
}

const pageSize = 1_000;

/**
 * Walks the whole chain: every seq is there, every hash is that of its predecessor and its body, and the columns beside a
 * body say what it says. It stops at the first entry that does not hold.
 */
export async function verifyLedger(db: GovernanceDb): Promise<LedgerReport> {
  let last: ChainHead = emptyChain;
  for (;;) {
    const page = await listEntries(db, last.seq, pageSize);
    for (const entry of page) {
      if (!follows(last, entry)) {
        return { ...reportOf(last), ok: false, brokenAt: Number(last.seq + 1n) };
      }
      last = entry;
    }
    if (page.length < pageSize) return { ...reportOf(last), ok: true };
  }
}

function reportOf(head: ChainHead): { readonly entries: number; readonly head: LedgerReport['head'] } {
  return { entries: Number(head.seq), head: { seq: Number(head.seq), hash: head.hash } };
}

function follows(last: ChainHead, entry: LedgerEntry): boolean {
  return (
    entry.seq === last.seq + 1n &&
    entry.prevHash === last.hash &&
    entry.hash === entryHash(last.hash, entry.body) &&
    agrees(entry)
  );
}

/** Queries read the columns: they must not tell another story than the body that was hashed. */
function agrees(entry: LedgerEntry): boolean {
  const body: unknown = JSON.parse(entry.body);
  if (typeof body !== 'object' || body === null) return false;
  const said = new Map(Object.entries(body));
  const lsn = (key: string): string => formatLsn(parseLsn(String(said.get(key))));
  return (
    canonicalJson(body) === entry.body &&
    said.get('batchId') === entry.batchId &&
    said.get('kind') === entry.kind &&
    said.get('route') === entry.route &&
    said.get('sink') === entry.sink &&
    said.get('systemId') === entry.systemId &&
    lsn('start') === entry.start &&
    lsn('end') === entry.end &&
    said.get('matrixVersion') === entry.matrixVersion &&
    said.get('matrixDigest') === entry.matrixDigest
  );
}
