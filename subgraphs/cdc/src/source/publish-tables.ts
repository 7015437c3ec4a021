import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import { isInsertOnly, type Relation, tableKey } from '../domain/relation.ts';
import type { CatalogTable } from './change-source.ts';
import { connectSource, endClient, type SourceAddress } from './connect-source.ts';
import { readTables, type TableFacts } from './read-catalog.ts';
import { sqlStateOf } from './server-error.ts';
import { queryRows } from './source-session.ts';

/** What a publication publishes, in the words of Postgres. */
const operations = { all: 'insert, update, delete, truncate', insertOnly: 'insert, truncate' } as const;

interface Wanted {
  readonly name: string;
  readonly publish: string;
  readonly tables: readonly Relation[];
}

interface PublicationRow {
  readonly publish: string;
  readonly via_root: boolean;
  readonly all_tables: boolean;
  readonly tables: readonly string[];
  /** Row filters or column lists, which somebody else has set: rows or columns would be missing. */
  readonly narrowed: boolean;
}

/** The second publication of a route: tables whose updates and deletes nobody could follow. */
export function insertPublicationName(publication: string): string {
  return `${publication}_insert`;
}

/**
 * Brings both publications to exactly these tables in one transaction; does nothing when they stand so already. Both always
 * exist while there is a table: the decoder looks them up as they were at its place in the WAL, where one that is made later
 * is missing. Without tables both are dropped.
 */
export async function publishTables(
  address: SourceAddress,
  publication: string,
  tables: readonly CatalogTable[],
): Promise<void> {
  const client = await connectSource(address, 'ordinary');
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `spine publish ${publication}`,
    ]);
    if (tables.length === 0) {
      await dropPublications(client, publication);
    } else {
      // Identities as they are now, not as they were listed: a publication with updates of a table without one would make
      // the source refuse its own writes.
      const current = await readTables(
        (text, values) => queryRows(client, text, values),
        tables.map(({ relation }) => relation.oid),
      );
      const keyed = current.filter(({ relation }) => !isInsertOnly(relation));
      const keyless = current.filter(({ relation }) => isInsertOnly(relation));
      await bring(client, address, current, {
        name: publication,
        publish: operations.all,
        tables: keyed.map(({ relation }) => relation),
      });
      await bring(client, address, current, {
        name: insertPublicationName(publication),
        publish: operations.insertOnly,
        tables: keyless.map(({ relation }) => relation),
      });
    }
    await client.query('commit');
  } finally {
    await endClient(client);
  }
}

async function bring(
  client: pg.Client,
  { route }: SourceAddress,
  facts: readonly TableFacts[],
  wanted: Wanted,
): Promise<void> {
  const found = await readPublication(client, wanted.name);
  const statements = changesTo(found, wanted);
  try {
    for (const statement of statements) await client.query(statement);
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error;
    throw await privilegeProblem(client, route, facts, statements, error);
  }
}

/** The statements that make the publication what is wanted; none when it is that already. */
function changesTo(found: PublicationRow | null, wanted: Wanted): readonly string[] {
  const name = pg.escapeIdentifier(wanted.name);
  const options = `with (publish = '${wanted.publish}', publish_via_partition_root = true)`;
  const list = wanted.tables.map((relation) => `only ${quoted(relation)}`).join(', ');
  const create = `create publication ${name}${list === '' ? '' : ` for table ${list}`} ${options}`;
  if (found === null) return [create];
  // FOR ALL TABLES cannot be altered away; it is not ours, and would publish tables that cannot stand it.
  if (found.all_tables) return [`drop publication ${name}`, create];
  const statements: string[] = [];
  if (found.publish !== wanted.publish || !found.via_root) {
    statements.push(
      `alter publication ${name} set (publish = '${wanted.publish}', publish_via_partition_root = true)`,
    );
  }
  const listed = [...found.tables].sort();
  const asked = wanted.tables.map(({ oid }) => String(oid)).sort();
  if (found.narrowed || listed.join() !== asked.join()) {
    // A publication cannot be set to no table at all, only made anew; the decoder sees both in one catalogue change.
    statements.push(
      ...(list === ''
        ? [`drop publication ${name}`, create]
        : [`alter publication ${name} set table ${list}`]),
    );
  }
  return statements;
}

async function readPublication(client: pg.Client, name: string): Promise<PublicationRow | null> {
  const [row] = await queryRows<PublicationRow>(
    client,
    `select concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end,
                      case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end) as publish,
            pubviaroot as via_root, puballtables as all_tables,
            array(select prrelid::text from pg_publication_rel where prpubid = p.oid) as tables,
            -- Through JSON, because Postgres 14 does not have these columns.
            exists (select from pg_publication_rel as r where prpubid = p.oid
                    and coalesce(to_jsonb(r)->>'prqual', to_jsonb(r)->>'prattrs') is not null) as narrowed
     from pg_publication as p where pubname = $1`,
    [name],
  );
  return row ?? null;
}

async function dropPublications(client: pg.Client, publication: string): Promise<void> {
  for (const name of [publication, insertPublicationName(publication)]) {
    await client.query(`drop publication if exists ${pg.escapeIdentifier(name)}`);
  }
}

/** Names the one statement that mends it: a right on the database, or what an owner of the tables may run in our place. */
async function privilegeProblem(
  client: pg.Client,
  route: string,
  facts: readonly TableFacts[],
  statements: readonly string[],
  cause: unknown,
): Promise<Problem> {
  await client.query('rollback');
  const [rights] = await queryRows<{ database: string; role: string; may_create: boolean }>(
    client,
    `select current_database() as database, current_user as role,
            has_database_privilege(current_database(), 'create') as may_create`,
  );
  const role = pg.escapeIdentifier(rights?.role ?? '');
  if (rights !== undefined && !rights.may_create) {
    return new Problem('SOURCE_PRIVILEGE', `route ${route}: ${rights.role} may not create a publication`, {
      fix: `As the owner of the database run: grant create on database ${pg.escapeIdentifier(rights.database)} to ${role}`,
      cause,
    });
  }
  const foreign = facts.filter((table) => !table.owned);
  const names = foreign.map(({ relation }) => tableKey(relation)).join(', ');
  return new Problem(
    'SOURCE_PRIVILEGE',
    foreign.length === 0
      ? `route ${route}: the publication belongs to another role`
      : `route ${route}: ${rights?.role} does not own ${names}`,
    {
      fix: `As a superuser run: ${statements.join('; ')}${ownerGrant(foreign, role)}`,
      cause,
    },
  );
}

/** Membership in the owning roles is the other way out. */
function ownerGrant(foreign: readonly TableFacts[], role: string): string {
  const owners = [...new Set(foreign.map(({ owner }) => owner))];
  return owners.length === 0
    ? ''
    : ` (or: ${owners.map((owner) => `grant ${pg.escapeIdentifier(owner)} to ${role}`).join('; ')})`;
}

function quoted({ schema, table }: Relation): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}
