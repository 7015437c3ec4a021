import type { Migration } from '@spine/platform/postgres/migrate';
import { streamMigration } from '@spine/platform/stream/migration';

/** The lineage schema's history: forward only, never edited once landed. */
export const lineageMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'graph',
    sql: `
      -- Every accepted event, once. What follows is derived from it.
      create table event_log (
        event_id bytea primary key,
        received_at timestamptz not null default now(),
        event_at timestamptz not null,
        kind text not null check (kind in ('run', 'dataset', 'job')),
        run_id uuid,
        job_id uuid,
        producer text,
        body text not null,
        warnings jsonb not null default '[]'
      );
      create table node (
        node_id uuid primary key,
        kind text not null check (kind in ('dataset', 'job')),
        namespace text not null,
        name text not null,
        first_event_at timestamptz not null,
        last_event_at timestamptz not null
      );
      -- A btree entry holds under 2,704 bytes, names may be longer: the id settles what the beginnings leave open.
      create index node_by_name on node (kind, left(namespace, 256) collate "C", left(name, 256) collate "C", node_id);
      create table run (
        run_id uuid primary key,
        job_id uuid not null,
        first_event_at timestamptz not null,
        first_event bytea not null,
        last_event_at timestamptz not null,
        state text not null,
        state_rank smallint not null,
        state_at timestamptz not null,
        state_event bytea not null,
        started_at timestamptz
      );
      create index run_by_job on run (job_id, first_event_at desc, run_id desc);
      create table run_dataset (
        run_id uuid not null,
        dataset_id uuid not null,
        direction text not null check (direction in ('input', 'output')),
        last_event_at timestamptz not null,
        primary key (run_id, direction, dataset_id)
      );
      create index run_dataset_by_dataset on run_dataset (dataset_id, last_event_at desc, run_id desc);
      create table edge (
        from_id uuid not null,
        to_id uuid not null,
        first_event_at timestamptz not null,
        last_event_at timestamptz not null,
        primary key (from_id, to_id)
      );
      create index edge_backwards on edge (to_id, from_id);
      create table facet (
        entity text not null check (entity in ('dataset', 'job', 'run')),
        entity_id uuid not null,
        key text not null,
        event_at timestamptz not null,
        event_id bytea not null,
        schema_url text,
        -- Null when the last word was that it is deleted.
        value jsonb,
        primary key (entity_id, key)
      );
    `,
  },
  streamMigration(2),
  {
    version: 3,
    name: 'flows',
    sql: `
      -- Where a producer said which input an output was made of: inputs times outputs hold for other outputs only.
      create table flow (
        job_id uuid not null,
        to_id uuid not null,
        from_id uuid not null,
        primary key (job_id, to_id, from_id)
      );
    `,
  },
];
