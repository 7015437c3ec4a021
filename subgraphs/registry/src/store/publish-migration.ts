import type { Migration } from '@spine/platform/postgres/migrate';

/** Publishing in one statement, and word of every change of a subject for those who hold answers ready. */
export const publishMigration: Migration = {
  version: 5,
  name: 'publishing',
  sql: `
    -- Another text whenever anything that a publish is judged by has changed: the subject, its versions, their states, who
    -- uses it. A row's xmin is another one after every change. Empty for a subject that there is not.
    create function subject_token(asked text) returns text language sql stable set search_path from current as $$
      select md5(concat_ws('/',
        s.xmin,
        (select string_agg(concat(v.version, ':', v.xmin), ',' order by v.version) from subject_version v where v.subject = s.name),
        (select string_agg(concat(t.version, ':', t.xmin), ',' order by t.version) from version_state t where t.subject = s.name),
        (select string_agg(concat(u.role, ' ', u.name, ':', u.xmin), ',' order by u.role, u.name) from subject_usage u where u.subject = s.name)))
      from subject s where s.name = asked
    $$;

    -- Stores a version that was judged while nobody was kept waiting, if the subject is still as it was then: in one statement,
    -- so that the locks of subject and stream are held for no round trip. Outcomes: stored; stale, judge again; id_taken.
    create function publish_version(judged jsonb, content_text text, out outcome text, out schema_id integer, out guid text, out published_at timestamptz)
    language plpgsql set search_path from current as $$
    declare
      name text := judged->'version'->>'subject';
      forced_id integer := (judged->>'forced_id')::integer;
      content schema := jsonb_populate_record(null::schema, judged->'content');
      changed subject := jsonb_populate_record(null::subject, judged->'subject');
      key publish_key := jsonb_populate_record(null::publish_key, judged->'key');
      tries integer := 0;
    begin
      perform pg_advisory_xact_lock(hashtextextended('registry.subject.' || name, 0));
      -- A statement of its own sees what was committed while we waited.
      if coalesce(subject_token(name), '') <> judged->>'token' then
        outcome := 'stale';
        return;
      end if;

      select s.id, s.guid into schema_id, guid from schema s where s.digest = content.digest;
      while schema_id is null loop
        -- A conflict without a row of this digest is an id that an importer took: the sequence goes on to the next.
        insert into schema as s (id, digest, schema_type, fingerprint, text, refs, metadata, rule_set)
          values (coalesce(forced_id, nextval('schema_id')), content.digest, content.schema_type, content.fingerprint,
            content_text, content.refs, content.metadata, content.rule_set)
          on conflict do nothing returning s.id, s.guid into schema_id, guid;
        if schema_id is null then
          select s.id, s.guid into schema_id, guid from schema s where s.digest = content.digest;
        elsif forced_id is not null then
          perform setval('schema_id', greatest(forced_id, (select q.last_value from schema_id q)));
        end if;
        tries := tries + 1;
        exit when forced_id is not null;
        if tries = 1000 then
          raise exception 'the sequence of schema ids is behind the ids that were imported';
        end if;
      end loop;
      if schema_id is distinct from coalesce(forced_id, schema_id) or schema_id is null then
        outcome := 'id_taken';
        return;
      end if;

      if judged ? 'subject' then
        insert into subject as s (name, level, profile, axes, policy, lint, registered_via, owner, dataset_namespace, dataset_name)
          values (changed.name, changed.level, changed.profile, changed.axes, changed.policy, changed.lint,
            changed.registered_via, changed.owner, changed.dataset_namespace, changed.dataset_name)
          on conflict on constraint subject_pkey do update set
            level = excluded.level, profile = excluded.profile, axes = excluded.axes, policy = excluded.policy,
            lint = excluded.lint, owner = excluded.owner,
            dataset_namespace = excluded.dataset_namespace, dataset_name = excluded.dataset_name;
      end if;
      -- Deleted versions of this content are hidden even from those who ask for deleted ones: it is registered again.
      update version_state t set erased_at = now() from subject_version v
        where v.subject = name and v.schema_id = publish_version.schema_id and t.subject = v.subject
          and t.version = v.version and t.deleted_at is not null and t.erased_at is null;
      published_at := now();
      insert into subject_version select (jsonb_populate_record(null::subject_version,
        judged->'version' || jsonb_build_object('schema_id', schema_id, 'published_at', published_at))).*;
      insert into version_reference (subject, version, ref_subject, ref_version)
        select distinct name, (judged->'version'->>'version')::integer, r.subject, r.version
        from jsonb_to_recordset(content.refs) as r (subject text, version integer);
      if judged ? 'key' then
        insert into publish_key (principal, key, request_digest, subject, version)
          values (key.principal, key.key, key.request_digest, key.subject, key.version)
          on conflict on constraint publish_key_pkey do nothing;
      end if;
      outcome := 'stored';
      -- Last: from here on nobody else appends until all of this is committed.
      perform stream_append(judged->>'stream', jsonb_build_array(judged->'event'));
    end $$;

    create function tell_subject() returns trigger language plpgsql set search_path from current as $$
    begin
      perform pg_notify(current_schema() || '.subject', coalesce(new.subject, old.subject));
      return null;
    end $$;
    create function tell_named_subject() returns trigger language plpgsql set search_path from current as $$
    begin
      perform pg_notify(current_schema() || '.subject', coalesce(new.name, old.name));
      return null;
    end $$;
    create trigger told after insert or update or delete on subject
      for each row execute function tell_named_subject();
    create trigger told after insert or delete on subject_version
      for each row execute function tell_subject();
    create trigger told after insert or update or delete on version_state
      for each row execute function tell_subject();
    create trigger told after insert or update or delete on subject_usage
      for each row execute function tell_subject();
  `,
};
