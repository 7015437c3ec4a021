import type { Migration } from '@spine/platform/postgres/migrate';

/**
 * Incidents, and the streams `routeEvents` and `routeLag`. Whatever writes a state tells the stream of it: triggers do, and as the
 * transaction commits, so that no row lock is taken behind the lock of a stream.
 */
export function routeEventMigration(version: number): Migration {
  return { version, name: 'route events', sql };
}

const sql = `
  create table incident (
    id bigint generated always as identity primary key,
    route text not null references route (name) on delete cascade,
    schema_name text not null,
    table_name text not null,
    subject text not null,
    reason text not null,
    -- What would be published, the breaches in words and places, and the number that admits to them.
    proposed_schema text not null,
    breaches jsonb not null,
    required_version text,
    opened_at timestamptz not null default now(),
    resolved_at timestamptz
  );
  create unique index incident_open on incident (route, schema_name, table_name) where resolved_at is null;
  create index incident_route on incident (route, id);

  create function tell_route_status() returns trigger language plpgsql set search_path from current as $$
  begin
    if new.state is distinct from old.state or new.reason is distinct from old.reason then
      perform stream_append('routeEvents', jsonb_build_array(jsonb_build_object(
        'kind', 'route_state', 'route', new.route, 'state', new.state, 'reason', new.reason)));
    end if;
    if (new.lag_seconds, new.lag_bytes, new.lag_p95_seconds) is distinct from (old.lag_seconds, old.lag_bytes, old.lag_p95_seconds) then
      perform stream_append('routeLag', jsonb_build_array(jsonb_build_object('route', new.route,
        'seconds', new.lag_seconds, 'p50Seconds', new.lag_p50_seconds, 'p95Seconds', new.lag_p95_seconds,
        'p99Seconds', new.lag_p99_seconds, 'bytes', new.lag_bytes, 'at', new.updated_at)));
    end if;
    return null;
  end $$;
  create constraint trigger tell_route_status after update on route_status
    deferrable initially deferred for each row execute function tell_route_status();

  create function tell_route_table() returns trigger language plpgsql set search_path from current as $$
  begin
    if tg_op = 'INSERT' or new.state is distinct from old.state or new.reason is distinct from old.reason then
      perform stream_append('routeEvents', jsonb_build_array(jsonb_build_object('kind', 'table_state', 'route', new.route,
        'schema', new.schema_name, 'table', new.table_name, 'state', new.state, 'reason', new.reason)));
    end if;
    return null;
  end $$;
  create constraint trigger tell_route_table after insert or update on route_table
    deferrable initially deferred for each row execute function tell_route_table();

  create function tell_incident() returns trigger language plpgsql set search_path from current as $$
  begin
    if tg_op = 'INSERT' then
      perform stream_append('routeEvents', jsonb_build_array(jsonb_build_object(
        'kind', 'incident_opened', 'route', new.route, 'incident', new.id)));
    elsif new.resolved_at is not null and old.resolved_at is null then
      perform stream_append('routeEvents', jsonb_build_array(jsonb_build_object(
        'kind', 'incident_resolved', 'route', new.route, 'incident', new.id)));
    end if;
    return null;
  end $$;
  create constraint trigger tell_incident after insert or update on incident
    deferrable initially deferred for each row execute function tell_incident();
`;
