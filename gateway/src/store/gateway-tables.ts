import type { ColumnType } from 'kysely';

/** The tables of the Postgres schema `gateway`. */
export interface GatewayTables {
  readonly audit: AuditTable;
  readonly field_usage: FieldUsageTable;
}

export interface AuditTable {
  readonly seq: bigint;
  readonly at: Date;
  readonly body: string;
  readonly prev_hash: string;
  readonly hash: string;
}

export interface FieldUsageTable {
  /** `YYYY-MM-DD`; not selected as it is, which would make a local Date of it. */
  readonly day: string;
  readonly type: string;
  readonly field: string;
  readonly client: string;
  readonly count: ColumnType<bigint, number, bigint>;
}
