import type { ColumnType, Generated, JSONColumnType, Kysely, Transaction } from 'kysely';
import type { PolicyChange } from '../domain/diff-policies.ts';
import type { Leaf } from '../domain/leaf.ts';
import type { Severity, ViolationStatus } from '../domain/violation.ts';

type Wide = ColumnType<bigint, bigint | number, bigint | number>;
type Texts = JSONColumnType<string[], string, string>;

/** The tables of the governance schema, as Kysely sees them. */
export interface GovernanceTables {
  matrix_version: {
    version: number;
    digest: string;
    document: JSONColumnType<object>;
    changes: JSONColumnType<PolicyChange[]>;
    created_at: Date;
    created_by: string;
  };
  matrix_signature: { version: number; signed_by: string; role: string; signed_at: Date };
  ledger: {
    seq: Wide;
    batch_id: string;
    kind: Leaf['kind'];
    route: string;
    sink: string;
    system_id: string;
    start_lsn: string;
    end_lsn: string;
    matrix_version: number;
    matrix_digest: string;
    appended_at: Date;
    body: string;
    prev_hash: string;
    hash: string;
  };
  final_leaf: {
    batch_id: string;
    seq: Wide;
    kind: Leaf['kind'];
    route: string;
    sink: string;
    system_id: string;
    start_lsn: string;
  };
  decision: {
    seq: Wide;
    ordinal: number;
    batch_id: string;
    kind: Leaf['kind'];
    route: string;
    source: string;
    sink: string;
    source_region: string | null;
    sink_region: string | null;
    dataset_namespace: string;
    dataset_name: string;
    logical_name: string;
    sink_namespace: string | null;
    sink_name: string | null;
    subject: string;
    schema_version: number | null;
    verdict: Leaf['decisions'][number]['verdict'];
    reason: string;
    rule_ids: Texts;
    obligations: JSONColumnType<Leaf['decisions'][number]['obligations'][number][]>;
    data_class: string;
    tags: Texts;
    rows: Wide;
    rows_withheld: Wide;
    matrix_version: number;
    decided_at: Date;
    superseded_by: ColumnType<bigint | null, bigint | null, bigint | null>;
  };
  violation: {
    number: Generated<bigint>;
    id: string;
    fingerprint: string;
    status: ViolationStatus;
    severity: Severity;
    route: string;
    source: string;
    sink: string;
    source_region: string | null;
    sink_region: string | null;
    dataset_namespace: string;
    dataset_name: string;
    logical_name: string;
    data_class: string;
    tags: Texts;
    reason: string;
    rule_ids: Texts;
    first_decision_id: string;
    last_decision_id: string;
    opened_at: Date;
    last_seen_at: Date;
    occurrences: Wide;
    rows_withheld: Wide;
    announced_at: Date;
    acknowledged_at: Date | null;
    acknowledged_by: string | null;
    comment: string | null;
    resolved_at: Date | null;
  };
  mutation_answer: {
    principal: string;
    key: string;
    input_digest: string;
    answer: JSONColumnType<object>;
    at: Date;
  };
}

/** The pool or a transaction of the governance schema. */
export type GovernanceDb = Kysely<GovernanceTables> | Transaction<GovernanceTables>;
export type GovernanceTransaction = Transaction<GovernanceTables>;
