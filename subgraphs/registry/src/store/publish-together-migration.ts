import type { Migration } from '@spine/platform/postgres/migrate';

/** Publishing versions of many subjects in one statement: they share one commit, which is most of what a publish waits for. */
export const publishTogetherMigration: Migration = {
  version: 7,
  name: 'publishing together',
  sql: `
    -- Stores what publish_version would, for many subjects at once: asked holds, side by side, subjects (each once), contents,
    -- versions, events, and at a place of its own whoever has them settings and keys. Each is stored whole or not at all, by
    -- whether its subject is free and still as it was when it was judged; an error stores none. The token is the subject's
    -- from now on. Nothing here waits for a subject: whoever waits for one would keep all the others waiting.
    create function publish_versions(asked jsonb, texts text[])
    returns table (place integer, outcome text, schema_id integer, guid text, published_at timestamptz, token text)
    language plpgsql set search_path from current
    -- The planner takes a list for a hundred rows, and would read whole tables for them.
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
    #variable_conflict use_column
    declare
      held integer[];
      missing integer;
      tries integer := 0;
    begin
      select array_agg(u.place) into held
        from jsonb_to_recordset(asked->'subjects') as u (place integer, name text, token text)
        where pg_try_advisory_xact_lock(hashtextextended('registry.subject.' || u.name, 0));
      -- A statement of its own sees what was committed before the locks were free.
      select coalesce(array_agg(u.place), '{}') into held
        from jsonb_to_recordset(asked->'subjects') as u (place integer, name text, token text)
        where u.place = any (held) and coalesce(subject_token(u.name), '') = u.token;

      -- In the order of digests: two batches that bring the same contents wait for each other in one direction only.
      loop
        insert into schema (id, digest, schema_type, fingerprint, text, refs, metadata, rule_set)
          select nextval('schema_id'), c.digest, c.schema_type, c.fingerprint, texts[c.place], c.refs, c.metadata, c.rule_set
          from (
            select distinct on (r.digest) e.ordinality::integer as place, r.*
            from jsonb_array_elements(asked->'contents') with ordinality e
            cross join lateral jsonb_populate_record(null::schema, e.value) r
            where e.ordinality = any (held) and not exists (select from schema s where s.digest = r.digest)
            order by r.digest) c
          on conflict do nothing;
        select count(*) into missing
          from jsonb_array_elements(asked->'contents') with ordinality e
          where e.ordinality = any (held) and not exists (select from schema s where s.digest = e.value->>'digest');
        exit when missing = 0;
        -- A conflict without a row of this digest is an id that an importer took: the sequence goes on to the next.
        tries := tries + 1;
        if tries = 1000 then
          raise exception 'the sequence of schema ids is behind the ids that were imported';
        end if;
      end loop;

      insert into subject as s (name, level, profile, axes, policy, lint, registered_via, owner, dataset_namespace, dataset_name)
        select r.name, r.level, r.profile, r.axes, r.policy, r.lint, r.registered_via, r.owner, r.dataset_namespace, r.dataset_name
        from jsonb_array_elements(asked->'settings') e
        cross join lateral jsonb_populate_record(null::subject, e.value->'row') r
        where (e.value->>'place')::integer = any (held)
        on conflict on constraint subject_pkey do update set
          level = excluded.level, profile = excluded.profile, axes = excluded.axes, policy = excluded.policy,
          lint = excluded.lint, owner = excluded.owner,
          dataset_namespace = excluded.dataset_namespace, dataset_name = excluded.dataset_name;

      -- Deleted versions of these contents are hidden even from those who ask for deleted ones: they are registered again.
      update version_state t set erased_at = now()
        from jsonb_array_elements(asked->'contents') with ordinality e
        where e.ordinality = any (held) and t.deleted_at is not null and t.erased_at is null
          and t.subject = asked->'versions'->(e.ordinality::integer - 1)->>'subject'
          and exists (
            select from subject_version v join schema s on s.id = v.schema_id
            where v.subject = t.subject and v.version = t.version and s.digest = e.value->>'digest');

      insert into subject_version
        select r.*
        from jsonb_array_elements(asked->'versions') with ordinality e
        cross join lateral (
          select s.id from schema s where s.digest = asked->'contents'->(e.ordinality::integer - 1)->>'digest') c
        cross join lateral jsonb_populate_record(null::subject_version,
          e.value || jsonb_build_object('schema_id', c.id, 'published_at', now())) r
        where e.ordinality = any (held);
      insert into version_reference (subject, version, ref_subject, ref_version)
        select distinct e.value->>'subject', (e.value->>'version')::integer, r.subject, r.version
        from jsonb_array_elements(asked->'versions') with ordinality e
        cross join lateral jsonb_to_recordset(asked->'contents'->(e.ordinality::integer - 1)->'refs') as r (subject text, version integer)
        where e.ordinality = any (held);
      insert into publish_key (principal, key, request_digest, subject, version)
        select r.principal, r.key, r.request_digest, r.subject, r.version
        from jsonb_array_elements(asked->'keys') e
        cross join lateral jsonb_populate_record(null::publish_key, e.value->'row') r
        where (e.value->>'place')::integer = any (held)
        order by r.principal, r.key
        on conflict on constraint publish_key_pkey do nothing;

      return query
        select u.place, case when c.id is null then 'stale' else 'stored' end, c.id, c.guid, now(), subject_token(u.name)
        from jsonb_to_recordset(asked->'subjects') as u (place integer, name text)
        left join lateral (
          select s.id, s.guid::text as guid from schema s
          where u.place = any (held) and s.digest = asked->'contents'->(u.place - 1)->>'digest') c on true;
      -- Last: from here on nobody else appends until all of this is committed.
      if cardinality(held) > 0 then
        perform stream_append(asked->>'stream', (
          select jsonb_agg(e.value order by e.ordinality)
          from jsonb_array_elements(asked->'events') with ordinality e where e.ordinality = any (held)));
      end if;
    end $$;
  `,
};
