/** The tables of the Postgres schema `gateway`. */
export interface GatewayTables {
  readonly audit: AuditTable;
}

export interface AuditTable {
  readonly seq: bigint;
  readonly at: Date;
  readonly body: string;
  readonly prev_hash: string;
  readonly hash: string;
}
