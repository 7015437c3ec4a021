import type { Migration } from '@spine/platform/postgres/migrate';

/** Word of removals for good. Answers about anything else are checked against the subject's token, so of that no word is needed. */
export const removalMigration: Migration = {
  version: 6,
  name: 'removals',
  sql: `
    drop trigger told on subject;
    drop trigger told on subject_version;
    drop trigger told on version_state;
    drop trigger told on subject_usage;
    drop function tell_subject();
    drop function tell_named_subject();

    create function tell_removal() returns trigger language plpgsql set search_path from current as $$
    begin
      perform pg_notify(current_schema() || '.removal', '');
      return null;
    end $$;
    create trigger told after delete on subject_version for each statement execute function tell_removal();
  `,
};
