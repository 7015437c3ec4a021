import type { ColumnType, Generated } from 'kysely';

type Json<T> = ColumnType<T, string, string>;

/** The tables of the cdc schema, as Kysely sees them. */
export interface CdcTables {
  endpoint: {
    kind: 'source' | 'sink';
    name: string;
    spec: Json<unknown>;
    namespace: string;
    database: string;
    updated_at: Generated<Date>;
  };
  route: {
    name: string;
    spec: Json<unknown>;
    revision: ColumnType<bigint, bigint | number, bigint | number>;
    applied_at: Generated<Date>;
    paused_at: Date | null;
    paused_by: string | null;
    pause_reason: string | null;
  };
  route_status: {
    route: string;
    state: string;
    reason: string | null;
    worker: string | null;
    checkpoint_lsn: string | null;
    checkpoint_at: Date | null;
    rows_applied: ColumnType<bigint, bigint | number | undefined, bigint | number>;
    lag_seconds: number | null;
    lag_p50_seconds: number | null;
    lag_p95_seconds: number | null;
    lag_p99_seconds: number | null;
    lag_bytes: ColumnType<bigint | null, bigint | number | null | undefined, bigint | number | null>;
    starts_anew: Generated<boolean>;
    updated_at: Generated<Date>;
  };
  route_table: {
    route: string;
    schema_name: string;
    table_name: string;
    state: string;
    reason: string | null;
    contract_version: number | null;
    rows_copied: ColumnType<bigint, bigint | number | undefined, bigint | number>;
    rows_estimated: ColumnType<bigint | null, bigint | number | null | undefined, bigint | number | null>;
    shape: string | null;
    recopy: Generated<boolean>;
    updated_at: Generated<Date>;
  };
  run_event: {
    id: Generated<bigint>;
    event: Json<unknown>;
    attempts: Generated<number>;
    created_at: Generated<Date>;
  };
  route_operation: {
    id: Generated<bigint>;
    route: string;
    kind: 'pause' | 'resume' | 'resnapshot' | 'replay' | 'discard';
    tables: Json<unknown>;
    reason: string | null;
    principal: string;
    idempotency_key: string;
    request_digest: string;
    at: Generated<Date>;
  };
  dead_letter: {
    id: Generated<bigint>;
    route: string;
    schema_name: string;
    table_name: string;
    /** pg_lsn: its text, in the order of positions. */
    commit_lsn: string;
    ordinal: number;
    state: 'failed' | 'parked_behind' | 'resolved';
    reason: string;
    /** Digests of the keys that it locks. */
    keys: string[];
    shape: string | null;
    payload: Buffer | null;
    resolution: 'replayed' | 'superseded' | 'discarded' | null;
    resolved_at: Date | null;
    resolved_by: string | null;
    resolved_reason: string | null;
    created_at: Generated<Date>;
  };
  replay: {
    id: bigint;
    route: string;
    tables: Json<unknown>;
    dry_run: boolean;
    asked_by: string;
    asked_at: Generated<Date>;
    finished_at: ColumnType<Date | null, undefined, Date>;
    outcome: ColumnType<unknown, undefined, string>;
  };
  dead_letter_shape: { digest: string; relation: Json<unknown> };
  incident: {
    id: Generated<bigint>;
    route: string;
    schema_name: string;
    table_name: string;
    subject: string;
    reason: string;
    proposed_schema: string;
    breaches: Json<unknown>;
    required_version: string | null;
    opened_at: Generated<Date>;
    resolved_at: ColumnType<Date | null, undefined, Date>;
  };
  scan: {
    id: Generated<bigint>;
    requested_by: string | null;
    idempotency_key: string | null;
    started_at: Date;
    finished_at: Date;
    endpoints: Json<unknown>;
    opened: number;
  };
  scan_baseline: { place: string; kind: string; at: Date };
  finding: {
    id: Generated<bigint>;
    place: string;
    kind: string;
    name: string;
    details: Json<unknown>;
    endpoint_kind: 'source' | 'sink';
    endpoint: string;
    state: 'baseline' | 'open' | 'reviewed';
    verdict: ColumnType<'approved' | 'rejected' | null, undefined, 'approved' | 'rejected' | null>;
    first_seen: Date;
    last_seen: Date;
    gone_at: ColumnType<Date | null, undefined, Date | null>;
    steps: Json<unknown>;
    acted_at: ColumnType<Date | null, undefined, Date>;
    reports: ColumnType<unknown, undefined, string>;
  };
  finding_review: {
    id: Generated<bigint>;
    finding_id: bigint;
    verdict: 'approved' | 'rejected';
    note: string;
    principal: string;
    idempotency_key: string;
    at: Date;
  };
}
