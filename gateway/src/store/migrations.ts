import type { Migration } from '@spine/platform/postgres/migrate';

/** The gateway schema's history: forward only, never edited once landed. */
export const gatewayMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'audit',
    sql: `
      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is insert only', tg_table_name using errcode = 'restrict_violation';
      end $$;

      create table audit (
        seq bigint primary key,
        at timestamptz not null,
        -- The canonical text that was hashed.
        body text not null,
        prev_hash text not null,
        hash text not null unique
      );
      create index audit_at on audit (at);
      create trigger audit_insert_only before update or delete or truncate on audit
        for each statement execute function refuse_change();
    `,
  },
  {
    version: 2,
    name: 'field_usage',
    sql: `
      create table field_usage (
        day date not null,
        type text not null,
        field text not null,
        -- Id of the principal.
        client text not null,
        count bigint not null,
        primary key (day, type, field, client)
      );
    `,
  },
];
