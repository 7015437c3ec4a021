import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import { codeOf, sqlStateOf } from './server-error.ts';

const connectMs = 10_000;
const endMs = 1_000;

/** Where a source is and as whom we come. */
export interface SourceAddress {
  readonly url: string;
  readonly route: string;
}

/**
 * Output functions depend on these: text comes as UTF-8 and in ISO forms, types of users with their schema. Nothing of the
 * server's defaults may end a session that copies or holds a snapshot.
 */
const sessionSettings = `
  set client_encoding = 'UTF8';
  set search_path = pg_catalog;
  set timezone = 'UTC';
  set datestyle = 'ISO';
  set intervalstyle = 'postgres';
  set extra_float_digits = 1;
  set statement_timeout = 0;
  set lock_timeout = 0;
  set idle_in_transaction_session_timeout = 0;
  set idle_session_timeout = 0`;

/**
 * Opens an ordinary connection, or one that also speaks the replication protocol (simple queries only). Faults of address,
 * credentials and privileges are Problems that name the fix and never the credentials. A connection lost later fails what
 * waits for it; it raises no event that nobody listens to.
 */
export async function connectSource(
  { url, route }: SourceAddress,
  kind: 'ordinary' | 'replication',
): Promise<pg.Client> {
  const config = {
    connectionString: url,
    application_name: `spine ${route}`,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(kind === 'replication' && { replication: 'database' }),
  };
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sessionSettings);
  } catch (error) {
    await endClient(client);
    throw connectProblem(error, url, kind);
  }
  return client;
}

/** Says goodbye; a server that does not answer is left after a second. */
export async function endClient(client: pg.Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, endMs);
  });
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(timer);
  client.connection.stream.destroy();
}

function connectProblem(error: unknown, url: string, kind: 'ordinary' | 'replication'): Problem {
  const { host, user } = addressOf(url);
  switch (sqlStateOf(error)) {
    case '42501':
      return new Problem('SOURCE_PRIVILEGE', `the user of the source at ${host} may not replicate`, {
        fix: `As a superuser run: alter role ${pg.escapeIdentifier(user)} replication`,
        cause: error,
      });
    case '28P01':
    case '28000':
      return new Problem('SOURCE_UNREACHABLE', `the source at ${host} refuses the login${codeOf(error)}`, {
        fix: 'Check user and password, and that pg_hba.conf lets this machine in.',
        cause: error,
      });
    case '3D000':
      return new Problem('SOURCE_UNREACHABLE', `the source at ${host} has no such database${codeOf(error)}`, {
        fix: 'Check the database name in the URL of the source.',
        cause: error,
      });
    case '53300':
      return kind === 'replication'
        ? new Problem('SOURCE_SLOTS_EXHAUSTED', `the source at ${host} has no walsender or connection free`, {
            fix: 'Raise max_wal_senders (or max_connections) at the source and restart it, or stop a replication client.',
            cause: error,
          })
        : new Problem('SOURCE_UNREACHABLE', `the source at ${host} has no connection free`, {
            fix: 'Raise max_connections at the source, or close connections.',
            cause: error,
          });
    default:
      return new Problem('SOURCE_UNREACHABLE', `no connection to the source at ${host}${codeOf(error)}`, {
        fix: 'Check that the server runs, that address and password are right, and that pg_hba.conf lets this machine in.',
        cause: error,
      });
  }
}

function addressOf(url: string): { readonly host: string; readonly user: string } {
  if (!URL.canParse(url)) return { host: 'an address that cannot be parsed', user: 'the_user' };
  const { host, username } = new URL(url);
  return { host, user: decodeURIComponent(username) };
}
