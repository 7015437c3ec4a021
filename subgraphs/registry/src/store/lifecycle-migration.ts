import type { Migration } from '@spine/platform/postgres/migrate';

/** What a schema uses, what becomes of a version, and who uses it. A published row stays as it is: its state lies apart. */
export const lifecycleMigration: Migration = {
  version: 3,
  name: 'lifecycle',
  sql: `
    alter table schema
      add column refs jsonb not null default '[]',
      add column metadata jsonb,
      add column rule_set jsonb,
      -- A UUID of version 8, made of the digest: the same content has the same one in every registry.
      add column guid uuid not null unique generated always as
        ((substr(digest, 1, 12) || '8' || substr(digest, 14, 3) || '8' || substr(digest, 18, 15))::uuid) stored;

    alter table subject
      -- Null: inherited.
      alter column level drop not null,
      add column profile text not null default 'strict',
      add column axes jsonb not null default '["WIRE", "JSON"]',
      add column policy text not null default 'STRICT',
      add column lint jsonb not null default '{}',
      add column registered_via text not null default 'spine';

    alter table subject_version
      -- Empty for a release.
      add column prerelease text collate "C" not null default '',
      add column retention text,
      -- The changes since the version that it followed; null for those published before changes were kept.
      add column diff jsonb,
      drop constraint subject_version_subject_major_minor_patch_key,
      -- Also what finds the latest.
      add unique (subject, major, minor, patch, prerelease);

    create table version_state (
      subject text collate "C" not null,
      version integer not null,
      deleted_at timestamptz,
      -- Hidden from those who ask for deleted versions, too: the content was registered again.
      erased_at timestamptz,
      rolled_back_at timestamptz,
      rolled_back_by text,
      rollback_reason text,
      rollback_approver text,
      deprecated_at timestamptz,
      sunset timestamptz,
      deprecation_note text,
      primary key (subject, version),
      foreign key (subject, version) references subject_version (subject, version) on delete cascade,
      check (deleted_at is not null or (erased_at is null and rolled_back_at is null))
    );

    create table version_reference (
      subject text collate "C" not null,
      version integer not null,
      ref_subject text collate "C" not null,
      ref_version integer not null,
      primary key (subject, version, ref_subject, ref_version),
      foreign key (subject, version) references subject_version (subject, version) on delete cascade,
      -- What is used cannot be removed under whoever publishes its use.
      foreign key (ref_subject, ref_version) references subject_version (subject, version)
    );
    create index version_reference_target on version_reference (ref_subject, ref_version);

    create table subject_usage (
      subject text collate "C" not null,
      role text not null,
      name text collate "C" not null,
      version integer not null,
      contact text,
      registered_by text not null,
      registered_at timestamptz not null default now(),
      primary key (subject, role, name),
      foreign key (subject, version) references subject_version (subject, version) on delete cascade
    );

    alter table publish_key
      drop constraint publish_key_subject_version_fkey,
      add foreign key (subject, version) references subject_version (subject, version) on delete cascade;

    -- A version may be removed for good, which must be said in so many words; it still never changes.
    create function refuse_removal() returns trigger language plpgsql as $$
    begin
      if current_setting('registry.removal', true) = 'permanent' then
        return old;
      end if;
      raise exception 'what was published is removed only for good: % of %', tg_op, tg_table_name;
    end $$;
    drop trigger published on subject_version;
    create trigger published before update on subject_version
      for each row execute function refuse_change();
    create trigger kept before delete on subject_version
      for each row execute function refuse_removal();
  `,
};
