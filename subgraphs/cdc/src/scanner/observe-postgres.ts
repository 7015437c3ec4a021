import pg from 'pg';
import { z } from 'zod';
import type { Aspect, Sighting, SightingKind } from '../domain/scan/sighting.ts';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';
import { endClient } from '../source/connect-source.ts';
import { codeOf } from '../source/server-error.ts';
import { type AspectQuery, aspectQueries, mostOfOneKind } from './aspect-queries.ts';
import type { Observation } from './observation.ts';

const connectMs = 4_000;
/** For all that is asked of one server; a slow one is looked at again at the next scan. */
const observeMs = 7_000;

const rowShape = z.object({
  scope: z.enum(['server', 'database']),
  name: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** Looks at a Postgres with the rights by which routes come, and changes nothing. Throws when there is no connection. */
export async function observePostgres(endpoint: WatchedEndpoint, url: string): Promise<Observation> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'spine scan',
    connectionTimeoutMillis: connectMs,
  });
  // A lost connection fails the query that waits; without a listener the event would end the process.
  client.on('error', () => undefined);
  const late = setTimeout(() => client.connection.stream.destroy(), observeMs);
  try {
    await client.connect();
    await client.query(
      `set default_transaction_read_only = on; set search_path = pg_catalog; set statement_timeout = ${connectMs}`,
    );
    return await observe(client, endpoint);
  } finally {
    clearTimeout(late);
    await endClient(client);
  }
}

async function observe(client: pg.Client, endpoint: WatchedEndpoint): Promise<Observation> {
  const { role, database, sees_stats: seesStats } = await whoAndWhere(client);
  const server = (await systemIdentifier(client)) ?? `of ${endpoint.kind} ${endpoint.name}`;
  const placeOf = { server: `server ${server}`, database: `database ${database} on server ${server}` };
  const sightings: Sighting[] = [];
  const observed: Aspect[] = [];
  const unobserved: { kind: SightingKind; reason: string }[] = [];
  for (const query of aspectQueries.filter(({ at }) => at === null || at === endpoint.kind)) {
    const { kind } = query;
    if (query.needsStats && !seesStats) {
      unobserved.push({ kind, reason: `grant pg_read_all_stats to the role ${role}` });
      continue;
    }
    const rows = await ask(client, query);
    if (typeof rows === 'string') {
      unobserved.push({ kind, reason: rows });
      continue;
    }
    observed.push({ place: placeOf.server, kind }, { place: placeOf.database, kind });
    for (const { scope, name, details } of rows)
      sightings.push({ place: placeOf[scope], kind, name, details });
  }
  return { endpoint, places: Object.values(placeOf), role, sightings, observed, unobserved };
}

/** The rows, or why there are none: what one query may not see does not hide what the others see. */
async function ask(client: pg.Client, { text }: AspectQuery): Promise<z.infer<typeof rowShape>[] | string> {
  try {
    const { rows } = await client.query(`select * from (${text}) as seen limit ${mostOfOneKind + 1}`);
    if (rows.length > mostOfOneKind) return `there are more than ${mostOfOneKind} of them`;
    return z.array(rowShape).parse(rows);
  } catch (error) {
    if (error instanceof pg.DatabaseError) return `the server refused to tell${codeOf(error)}`;
    throw error;
  }
}

async function whoAndWhere(client: pg.Client) {
  const { rows } = await client.query(
    `select session_user::text as role, current_database()::text as database,
            pg_has_role('pg_read_all_stats', 'usage') as sees_stats`,
  );
  return z.object({ role: z.string(), database: z.string(), sees_stats: z.boolean() }).parse(rows[0]);
}

/** The same for a server under every address, and after a promotion; null where a provider hides it. */
async function systemIdentifier(client: pg.Client): Promise<string | null> {
  try {
    const { rows } = await client.query<{ id: string }>(
      'select system_identifier::text as id from pg_control_system()',
    );
    return rows[0]?.id ?? null;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return null;
    throw error;
  }
}
