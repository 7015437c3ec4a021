import pg from 'pg';
import type { Finding } from './finding.ts';

interface Facts {
  readonly version: number;
  readonly wal_level: string;
  readonly max_slots: number;
  readonly used_slots: number;
  readonly max_senders: number;
  readonly used_senders: number;
  readonly may_replicate: boolean;
  readonly may_create: boolean;
  readonly without_identity: string[];
}

/** A source against what a route needs of it: version, wal_level, free slots and walsenders, privileges, identities. */
export async function checkSource(name: string, url: string): Promise<readonly Finding[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Facts>(question);
    const [facts] = rows;
    return facts === undefined ? [] : judge(name, facts);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    return [
      {
        name: `source ${name}`,
        good: false,
        detail: `cannot be reached (${code})`,
        fix: 'Check the URL, the password and pg_hba.conf; the server must run and let this machine in.',
      },
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const question = `
  select current_setting('server_version_num')::int as version,
         current_setting('wal_level') as wal_level,
         current_setting('max_replication_slots')::int as max_slots,
         (select count(*)::int from pg_replication_slots) as used_slots,
         current_setting('max_wal_senders')::int as max_senders,
         (select count(*)::int from pg_stat_replication) as used_senders,
         (select rolreplication or rolsuper from pg_roles where rolname = current_user) as may_replicate,
         has_database_privilege(current_database(), 'create') as may_create,
         (select coalesce(array_agg(c.oid::regclass::text order by 1), '{}') from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$|_spine$)'
              and c.relreplident <> 'f' and not exists
                (select from pg_index i where i.indrelid = c.oid
                   and ((i.indisprimary and c.relreplident = 'd') or i.indisreplident))) as without_identity`;

function judge(name: string, facts: Facts): readonly Finding[] {
  const finding = (what: string, good: boolean, detail: string, fix: string): Finding => ({
    name: `source ${name}: ${what}`,
    good,
    detail,
    ...(!good && { fix }),
  });
  const freeSlots = facts.max_slots - facts.used_slots;
  const freeSenders = facts.max_senders - facts.used_senders;
  return [
    finding('version', facts.version >= 140_000, String(facts.version), 'Postgres 14 or newer is needed.'),
    finding(
      'wal_level',
      facts.wal_level === 'logical',
      facts.wal_level,
      'alter system set wal_level = logical; then restart the server.',
    ),
    finding(
      'slots',
      freeSlots >= 2,
      `${freeSlots} of ${facts.max_slots} free`,
      'Raise max_replication_slots (restart needed), or drop slots that nobody reads: select * from pg_replication_slots where not active.',
    ),
    finding(
      'walsenders',
      freeSenders >= 2,
      `${freeSenders} of ${facts.max_senders} free`,
      'Raise max_wal_senders (restart needed).',
    ),
    finding(
      'replication',
      facts.may_replicate,
      facts.may_replicate ? 'granted' : 'missing',
      'alter role ... with replication;',
    ),
    finding(
      'publications',
      facts.may_create,
      facts.may_create ? 'may be created' : 'may not be created',
      'grant create on database ... to ...; the role must own the tables it publishes.',
    ),
    {
      name: `source ${name}: identities`,
      good: true,
      detail:
        facts.without_identity.length === 0
          ? 'every table has one'
          : `inserts only: ${facts.without_identity.join(', ')} (add a primary key, or alter table ... replica identity full, if updates must flow)`,
    },
  ];
}
