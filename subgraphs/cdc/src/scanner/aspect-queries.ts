import type { SightingKind } from '../domain/scan/sighting.ts';

export interface AspectQuery {
  readonly kind: SightingKind;
  /** Where it is asked; null for both. */
  readonly at: 'sink' | null;
  /** Without the role pg_read_all_stats the server hides what this asks for. */
  readonly needsStats: boolean;
  /** Answers rows of `scope` ('server' or 'database'), `name` and `details`. */
  readonly text: string;
}

/** More than this of one kind is not looked through: it counts as not observed. */
export const mostOfOneKind = 5_000;

/** What is asked of every registered Postgres (14 to 18). Read-only catalogues, and never a column that holds a password. */
export const aspectQueries: readonly AspectQuery[] = [
  {
    kind: 'slot',
    at: null,
    needsStats: false,
    // Temporary ones too. Logical slots of other databases carry nothing of this one.
    text: `
      select case when s.slot_type = 'physical' then 'server' else 'database' end as scope, s.slot_name::text as name,
             jsonb_build_object('type', s.slot_type, 'database', s.database, 'plugin', s.plugin, 'temporary', s.temporary, 'active', s.active,
               'walStatus', s.wal_status, 'role', a.usename, 'application', a.application_name,
               'address', host(a.client_addr)) as details
      from pg_replication_slots as s left join pg_stat_activity as a on a.pid = s.active_pid
      where s.slot_type = 'physical' or s.database = current_database()`,
  },
  {
    kind: 'slot_reader',
    at: null,
    needsStats: false,
    text: `
      select 'database' as scope, s.slot_name || ' read by ' || coalesce(a.usename, 'nobody known') as name,
             jsonb_build_object('slot', s.slot_name, 'temporary', s.temporary, 'role', a.usename,
               'application', a.application_name, 'address', host(a.client_addr)) as details
      from pg_replication_slots as s left join pg_stat_activity as a on a.pid = s.active_pid
      where s.active and s.database = current_database()`,
  },
  {
    kind: 'walsender',
    at: null,
    needsStats: true,
    // Those of logical slots are found by their slot, in their database.
    text: `
      select 'server' as scope,
             concat_ws(' ', coalesce(w.usename, 'nobody known'), nullif(w.application_name, ''),
               coalesce(host(w.client_addr), 'local')) as name,
             jsonb_build_object('role', w.usename, 'application', w.application_name, 'address', host(w.client_addr),
               'state', w.state, 'slot', s.slot_name) as details
      from pg_stat_replication as w left join pg_replication_slots as s on s.active_pid = w.pid
      where s.slot_type is distinct from 'logical'`,
  },
  {
    kind: 'publication',
    at: null,
    needsStats: false,
    text: `
      select 'database' as scope, pubname::text as name,
             jsonb_build_object('owner', pg_get_userbyid(pubowner), 'everyTable', puballtables) as details
      from pg_publication`,
  },
  {
    kind: 'published_table',
    at: null,
    needsStats: false,
    text: `
      select 'database' as scope, p.pubname || ': every table' as name,
             jsonb_build_object('publication', p.pubname) as details
      from pg_publication as p where p.puballtables
      union all
      select 'database', p.pubname || ': ' || t.schemaname || '.' || t.tablename,
             jsonb_build_object('publication', p.pubname)
      from pg_publication as p join pg_publication_tables as t using (pubname) where not p.puballtables`,
  },
  {
    kind: 'subscription',
    at: 'sink',
    needsStats: false,
    // Not subconninfo: it holds the password, and only a superuser may read it.
    text: `
      select 'database' as scope, subname::text as name,
             jsonb_build_object('owner', pg_get_userbyid(subowner), 'enabled', subenabled, 'slot', subslotname,
               'publications', array_to_string(subpublications, ', ')) as details
      from pg_subscription
      where subdbid = (select oid from pg_database where datname = current_database())`,
  },
  {
    kind: 'replication_role',
    at: null,
    needsStats: false,
    // A superuser may replicate without the attribute.
    text: `
      select 'server' as scope, rolname::text as name,
             jsonb_build_object('superuser', rolsuper, 'login', rolcanlogin) as details
      from pg_roles where rolreplication or rolsuper`,
  },
  {
    kind: 'foreign_server',
    at: null,
    needsStats: false,
    text: `
      select 'database' as scope, s.srvname::text as name,
             jsonb_build_object('wrapper', w.fdwname, 'owner', pg_get_userbyid(s.srvowner),
               'host', (select option_value from pg_options_to_table(s.srvoptions) where option_name = 'host'),
               'database', (select option_value from pg_options_to_table(s.srvoptions) where option_name = 'dbname')
             ) as details
      from pg_foreign_server as s join pg_foreign_data_wrapper as w on w.oid = s.srvfdw`,
  },
  {
    kind: 'user_mapping',
    at: null,
    needsStats: false,
    text: `
      select 'database' as scope, srvname || ': ' || coalesce(usename, 'public') as name,
             jsonb_build_object('server', srvname) as details
      from pg_user_mappings`,
  },
];
