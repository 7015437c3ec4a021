import type { AuditEntry, AuditRecord } from './audit-record.ts';

/** Where the chain is kept. Appends of many processes form one chain. */
export interface AuditStore {
  /** Puts the records behind the chain, all or none; durable when it resolves. */
  append(records: readonly AuditRecord[]): Promise<readonly AuditEntry[]>;
  /** Entries in order, behind `after`. */
  list(range: AuditRange): Promise<readonly AuditEntry[]>;
}

export interface AuditRange {
  readonly after: bigint;
  readonly limit: number;
  /** From the first entry that is not older: what follows it is not filtered, so that the chain stays whole. */
  readonly from?: Date;
  /** To the last entry that is older. */
  readonly to?: Date;
}
