import type { Migration } from '@spine/platform/postgres/migrate';
import { streamMigration } from '@spine/platform/stream/migration';

/** The governance schema's history: forward only, never edited once landed. */
export const governanceMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'matrix, ledger, decisions, violations',
    sql: `
      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is insert only', tg_table_name using errcode = 'restrict_violation';
      end $$;

      create table matrix_version (
        version int primary key,
        digest text not null,
        document jsonb not null,
        changes jsonb not null,
        created_at timestamptz not null,
        created_by text not null
      );
      create table matrix_signature (
        version int primary key references matrix_version (version),
        signed_by text not null,
        role text not null,
        signed_at timestamptz not null
      );

      create table ledger (
        seq bigint primary key,
        batch_id text not null,
        kind text not null check (kind in ('batch', 'snapshot', 'admission')),
        route text not null,
        sink text not null,
        system_id text not null,
        start_lsn pg_lsn not null,
        end_lsn pg_lsn not null,
        matrix_version int not null references matrix_version (version),
        matrix_digest text not null,
        appended_at timestamptz not null,
        -- The canonical text that was hashed.
        body text not null,
        prev_hash text not null,
        hash text not null unique
      );
      create index ledger_batch on ledger (batch_id);

      -- Which entry of a batch counts. The ledger itself never changes, so what was superseded is told here.
      create table final_leaf (
        batch_id text primary key,
        seq bigint not null unique references ledger (seq),
        kind text not null,
        route text not null,
        sink text not null,
        system_id text not null,
        start_lsn pg_lsn not null
      );
      -- One final decision for each batch position of a route.
      create unique index final_leaf_position on final_leaf (route, sink, start_lsn, system_id) where kind = 'batch';

      create table decision (
        seq bigint not null references ledger (seq),
        ordinal int not null,
        batch_id text not null,
        kind text not null,
        route text not null,
        source text not null,
        sink text not null,
        source_region text,
        sink_region text,
        dataset_namespace text not null,
        dataset_name text not null,
        logical_name text not null,
        sink_namespace text,
        sink_name text,
        subject text not null,
        schema_version int,
        verdict text not null check (verdict in ('allow', 'allow_with_obligations', 'deny')),
        reason text not null,
        rule_ids jsonb not null,
        obligations jsonb not null,
        data_class text not null,
        tags jsonb not null,
        rows bigint not null,
        rows_withheld bigint not null,
        matrix_version int not null,
        decided_at timestamptz not null,
        superseded_by bigint,
        primary key (seq, ordinal)
      );
      create index decision_dataset on decision (dataset_namespace, dataset_name, seq desc, ordinal desc);
      create index decision_sink_dataset on decision (sink_namespace, sink_name, seq desc, ordinal desc)
        where sink_name is not null;

      create table violation (
        number bigint generated always as identity primary key,
        id text not null unique,
        fingerprint text not null,
        status text not null check (status in ('OPEN', 'ACKNOWLEDGED', 'RESOLVED')),
        severity text not null,
        route text not null,
        source text not null,
        sink text not null,
        source_region text,
        sink_region text,
        dataset_namespace text not null,
        dataset_name text not null,
        logical_name text not null,
        data_class text not null,
        tags jsonb not null,
        reason text not null,
        rule_ids jsonb not null,
        first_decision_id text not null,
        last_decision_id text not null,
        opened_at timestamptz not null,
        last_seen_at timestamptz not null,
        occurrences bigint not null,
        rows_withheld bigint not null,
        announced_at timestamptz not null,
        acknowledged_at timestamptz,
        acknowledged_by text,
        comment text,
        resolved_at timestamptz
      );
      create unique index violation_standing on violation (fingerprint) where status <> 'RESOLVED';
      create index violation_standing_table on violation (route, sink, logical_name) where status <> 'RESOLVED';

      create table mutation_answer (
        principal text not null,
        key text not null,
        input_digest text not null,
        answer jsonb not null,
        at timestamptz not null,
        primary key (principal, key)
      );

      create trigger matrix_version_immutable before update or delete or truncate on matrix_version
        for each statement execute function refuse_change();
      create trigger matrix_signature_immutable before update or delete or truncate on matrix_signature
        for each statement execute function refuse_change();
      create trigger ledger_insert_only before update or delete or truncate on ledger
        for each statement execute function refuse_change();
    `,
  },
  streamMigration(2),
  {
    version: 3,
    name: 'replays',
    sql: `
      -- Dead letters that are delivered again are decided again.
      alter table ledger drop constraint ledger_kind_check,
        add check (kind in ('batch', 'snapshot', 'admission', 'replay'));
    `,
  },
];
