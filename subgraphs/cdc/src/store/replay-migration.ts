import type { Migration } from '@spine/platform/postgres/migrate';

/** Replays that wait for a worker, and an order in which dead letters are listed. */
export function replayMigration(version: number): Migration {
  return { version, name: 'replays', sql };
}

const sql = `
  alter table dead_letter add column id bigint generated always as identity unique;
  create index dead_letter_listed on dead_letter (route, id);
  -- Its id is that of the operation it was recorded as.
  create table replay (
    id bigint primary key references route_operation (id),
    route text not null references route (name) on delete cascade,
    tables jsonb not null,
    dry_run boolean not null,
    asked_by text not null,
    asked_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome jsonb not null default '[]'
  );
  create index replay_waiting on replay (route, id) where finished_at is null;
  alter table route_operation drop constraint route_operation_kind_check,
    add check (kind in ('pause', 'resume', 'resnapshot', 'replay', 'discard'));
`;
