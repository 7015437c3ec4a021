import { Problem } from '@spine/kernel/problem';
import pg from 'pg';

/** What a look at a server tells before anything is made there. */
export interface PostgresProbe {
  readonly serverVersion: number;
}

const connectMs = 5_000;

/** Connects once and asks the version. Throws the given Problem code, without the credentials of the URL. */
export async function probePostgres(
  url: string,
  name: string,
  code: 'SOURCE_UNREACHABLE' | 'SINK_UNREACHABLE',
): Promise<PostgresProbe> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version_num') as version`,
    );
    return { serverVersion: Number(rows[0]?.version ?? 0) };
  } catch (error) {
    const { host, database } = addressOf(url);
    const sqlState = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new Problem(code, `${name}: no connection to database ${database} at ${host}${sqlState}`, {
      fix: 'Check that the server runs, that its address and password are right, and that pg_hba.conf lets this machine in.',
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Creates a database of the embedded server when it is not there. */
export async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** `host:port` and database of a connection URL. Throws CONFIG_INVALID for text that is none. */
export function addressOf(url: string): { readonly host: string; readonly database: string } {
  if (!URL.canParse(url)) {
    throw new Problem('CONFIG_INVALID', 'a connection URL cannot be parsed', {
      fix: 'Give it as postgres://user:password@host:port/database, with special characters percent-encoded.',
    });
  }
  const parsed = new URL(url);
  return {
    host: `${parsed.hostname}:${parsed.port === '' ? '5432' : parsed.port}`,
    database: decodeURIComponent(parsed.pathname.slice(1)),
  };
}
