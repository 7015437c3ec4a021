import type { Migration } from '@spine/platform/postgres/migrate';

/** What Kafka clients set for subjects, for contexts and for everything, and the resources that they tie to subjects. */
export const confluentMigration: Migration = {
  version: 4,
  name: 'confluent',
  sql: `
    create table confluent_setting (
      -- Empty for everything, ':.lab:' for a context, else the name of a subject, which need not exist.
      scope text collate "C" primary key,
      config jsonb not null default '{}',
      mode text
    );

    create table confluent_association (
      context text collate "C" not null,
      resource_id text collate "C" not null,
      resource_type text not null,
      association_type text not null,
      resource_name text collate "C" not null,
      resource_namespace text collate "C" not null,
      subject text collate "C" not null,
      guid uuid not null default gen_random_uuid(),
      lifecycle text not null,
      frozen boolean not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (context, resource_id, resource_type, association_type)
    );
    create index confluent_association_subject on confluent_association (subject);
    create index confluent_association_name on confluent_association (resource_name, resource_namespace);
  `,
};
