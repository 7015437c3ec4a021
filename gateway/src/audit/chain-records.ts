import { canonicalJson } from '@spine/kernel/canonical-json';
import { chainHash } from '@spine/kernel/hash-chain';
import type { AuditEntry, AuditRecord } from './audit-record.ts';

/** Puts records behind the head of a chain. */
export function chainRecords(
  head: { readonly seq: bigint; readonly hash: string },
  records: readonly AuditRecord[],
): readonly AuditEntry[] {
  let { seq, hash: prevHash } = head;
  return records.map((record) => {
    const body = canonicalJson(record);
    const hash = chainHash(prevHash, body);
    seq += 1n;
    const entry = { seq, at: new Date(record.at), prevHash, hash, body };
    prevHash = hash;
    return entry;
  });
}
