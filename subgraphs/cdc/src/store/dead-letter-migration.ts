import type { Migration } from '@spine/platform/postgres/migrate';

/** Dead letters with what a replay needs: their payloads, the shape of these, and how each came to its end. */
export function deadLetterMigration(version: number): Migration {
  return { version, name: 'dead letters', sql };
}

const sql = `
  -- Text does not sort as positions do. Payloads are row data: they go with their route.
  delete from dead_letter where route not in (select name from route);
  alter table dead_letter
    alter column commit_lsn type pg_lsn using commit_lsn::pg_lsn,
    add foreign key (route) references route (name) on delete cascade,
    add column keys text[] not null default '{}',
    add column shape text,
    add column payload bytea,
    add column resolution text check (resolution in ('replayed', 'superseded', 'discarded')),
    add column resolved_at timestamptz,
    add column resolved_by text,
    add column resolved_reason text,
    add check ((state = 'resolved') = (resolution is not null)),
    add check (state <> 'resolved' or payload is null);
  create index dead_letter_open on dead_letter (route, schema_name, table_name, commit_lsn, ordinal) where state <> 'resolved';
  -- What a payload's columns are: one shape for all dead letters of it.
  create table dead_letter_shape (
    digest text primary key,
    relation jsonb not null
  );
`;
