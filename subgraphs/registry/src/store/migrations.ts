import type { Migration } from '@spine/platform/postgres/migrate';
import { streamMigration } from '@spine/platform/stream/migration';
import { confluentMigration } from './confluent-migration.ts';
import { lifecycleMigration } from './lifecycle-migration.ts';
import { publishMigration } from './publish-migration.ts';
import { publishTogetherMigration } from './publish-together-migration.ts';
import { removalMigration } from './removal-migration.ts';

/** The registry schema's history: forward only, never edited once landed. */
export const registryMigrations: readonly Migration[] = [
  streamMigration(1),
  {
    version: 2,
    name: 'subjects',
    sql: `
      -- A schema id travels in four bytes before every message.
      create sequence schema_id as integer;
      create table schema (
        id integer primary key default nextval('schema_id'),
        digest text not null unique,
        schema_type text not null,
        fingerprint text not null,
        text text not null,
        created_at timestamptz not null default now()
      );
      create table subject (
        -- Byte order, which keyset pages are cut by.
        name text collate "C" primary key,
        level text not null,
        owner text not null,
        dataset_namespace text,
        dataset_name text,
        created_at timestamptz not null default now(),
        check ((dataset_namespace is null) = (dataset_name is null))
      );
      create index subject_dataset on subject (dataset_namespace, dataset_name) where dataset_name is not null;
      create table subject_version (
        subject text collate "C" not null references subject (name),
        version integer not null check (version > 0),
        schema_id integer not null references schema (id),
        major integer not null,
        minor integer not null,
        patch integer not null,
        bump text not null,
        tags jsonb not null,
        data_class text,
        metadata jsonb not null,
        report jsonb not null,
        published_by text not null,
        published_at timestamptz not null default now(),
        primary key (subject, version),
        -- Also what finds the latest.
        unique (subject, major, minor, patch)
      );
      create index subject_version_schema on subject_version (schema_id);
      create table publish_key (
        principal text not null,
        key text not null,
        request_digest text not null,
        subject text collate "C" not null,
        version integer not null,
        created_at timestamptz not null default now(),
        primary key (principal, key),
        foreign key (subject, version) references subject_version (subject, version)
      );

      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'what was published never changes: % of %', tg_op, tg_table_name;
      end $$;
      create trigger published before update or delete on schema
        for each row execute function refuse_change();
      create trigger published before update or delete on subject_version
        for each row execute function refuse_change();
    `,
  },
  lifecycleMigration,
  confluentMigration,
  publishMigration,
  removalMigration,
  publishTogetherMigration,
];
