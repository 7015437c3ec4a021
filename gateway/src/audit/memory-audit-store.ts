import { genesisHash } from '@spine/kernel/hash-chain';
import type { AuditEntry } from './audit-record.ts';
import type { AuditStore } from './audit-store.ts';
import { chainRecords } from './chain-records.ts';

const kept = 10_000;

/** Keeps the newest entries in memory: for dev mode without a database, and for tests. It ends with the process. */
export function createMemoryAuditStore(): AuditStore {
  let entries: readonly AuditEntry[] = [];
  return {
    async append(records) {
      const added = chainRecords(entries.at(-1) ?? { seq: 0n, hash: genesisHash }, records);
      entries = [...entries, ...added].slice(-kept);
      return added;
    },
    async list({ after, limit, from, to }) {
      const first = from === undefined ? undefined : entries.find(({ at }) => at >= from)?.seq;
      const last = to === undefined ? undefined : entries.findLast(({ at }) => at < to)?.seq;
      if ((from !== undefined && first === undefined) || (to !== undefined && last === undefined)) return [];
      return entries
        .filter(({ seq }) => seq > after && seq >= (first ?? 0n) && seq <= (last ?? seq))
        .slice(0, limit);
    },
  };
}
