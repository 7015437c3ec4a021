import { leaseMigration } from '@spine/platform/lease/lease';
import type { Migration } from '@spine/platform/postgres/migrate';
import { streamMigration } from '@spine/platform/stream/migration';
import { deadLetterMigration } from './dead-letter-migration.ts';
import { replayMigration } from './replay-migration.ts';
import { routeEventMigration } from './route-event-migration.ts';

/** The cdc schema's history: forward only, never edited once landed. */
export const cdcMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'routes',
    sql: `
      create table endpoint (
        kind text not null check (kind in ('source', 'sink')),
        name text not null,
        spec jsonb not null,
        namespace text not null,
        database text not null,
        updated_at timestamptz not null default now(),
        primary key (kind, name)
      );
      create table route (
        name text primary key,
        spec jsonb not null,
        revision bigint not null,
        applied_at timestamptz not null default now()
      );
      create table route_status (
        route text primary key references route (name) on delete cascade,
        state text not null,
        reason text,
        worker text,
        checkpoint_lsn text,
        checkpoint_at timestamptz,
        rows_applied bigint not null default 0,
        lag_seconds double precision,
        lag_p50_seconds double precision,
        lag_p95_seconds double precision,
        lag_p99_seconds double precision,
        lag_bytes bigint,
        starts_anew boolean not null default false,
        updated_at timestamptz not null default now()
      );
      create table route_table (
        route text not null references route (name) on delete cascade,
        schema_name text not null,
        table_name text not null,
        state text not null,
        reason text,
        contract_version int,
        rows_copied bigint not null default 0,
        rows_estimated bigint,
        shape text,
        updated_at timestamptz not null default now(),
        primary key (route, schema_name, table_name)
      );
      create table run_event (
        id bigint generated always as identity primary key,
        event jsonb not null,
        attempts int not null default 0,
        created_at timestamptz not null default now()
      );
      create table dead_letter (
        route text not null,
        schema_name text not null,
        table_name text not null,
        commit_lsn text not null,
        ordinal int not null,
        state text not null check (state in ('failed', 'parked_behind', 'resolved')),
        reason text not null,
        created_at timestamptz not null default now(),
        primary key (route, schema_name, table_name, commit_lsn, ordinal)
      );
    `,
  },
  leaseMigration(2),
  streamMigration(3),
  {
    version: 4,
    name: 'operations',
    sql: `
      -- A pause outlives an apply: only resuming ends it.
      alter table route add column paused_at timestamptz, add column paused_by text, add column pause_reason text;
      alter table route_table add column recopy boolean not null default false;
      create table route_operation (
        id bigint generated always as identity primary key,
        -- No reference: what was done to a route is known after it was removed.
        route text not null,
        kind text not null check (kind in ('pause', 'resume', 'resnapshot')),
        tables jsonb not null,
        reason text,
        principal text not null,
        idempotency_key text not null,
        request_digest text not null,
        at timestamptz not null default now(),
        unique (principal, idempotency_key)
      );
      create index route_operation_route on route_operation (route, id);
    `,
  },
  {
    version: 5,
    name: 'scans',
    sql: `
      create table scan (
        id bigint generated always as identity primary key,
        requested_by text,
        idempotency_key text,
        started_at timestamptz not null,
        finished_at timestamptz not null,
        endpoints jsonb not null,
        opened int not null,
        unique (requested_by, idempotency_key)
      );
      create index scan_started_at on scan (started_at);
      -- Since when a kind of thing is known at a place: what comes later is a finding.
      create table scan_baseline (
        place text not null,
        kind text not null,
        at timestamptz not null,
        primary key (place, kind)
      );
      create table finding (
        id bigint generated always as identity primary key,
        place text not null,
        kind text not null,
        name text not null,
        details jsonb not null,
        endpoint_kind text not null check (endpoint_kind in ('source', 'sink')),
        endpoint text not null,
        state text not null check (state in ('baseline', 'open', 'reviewed')),
        verdict text check (verdict in ('approved', 'rejected')),
        first_seen timestamptz not null,
        last_seen timestamptz not null,
        gone_at timestamptz,
        steps jsonb not null,
        acted_at timestamptz,
        reports jsonb not null default '[]',
        unique (place, kind, name)
      );
      create table finding_review (
        id bigint generated always as identity primary key,
        finding_id bigint not null references finding (id),
        verdict text not null check (verdict in ('approved', 'rejected')),
        note text not null,
        principal text not null,
        idempotency_key text not null,
        at timestamptz not null,
        unique (principal, idempotency_key)
      );
      create index finding_review_finding on finding_review (finding_id, id);
    `,
  },
  routeEventMigration(6),
  deadLetterMigration(7),
  replayMigration(8),
];
