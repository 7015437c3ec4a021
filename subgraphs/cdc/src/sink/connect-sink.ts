import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import pg from 'pg';

const connectMs = 10_000;
const endMs = 1_000;

/** The connection of one route to its sink: everything that the route writes goes over it. */
export interface SinkConnection {
  readonly client: pg.Client;
  close(): Promise<void>;
}

/**
 * Statements are looked up by key only, on tables that may have no statistics yet: the settings keep the plan that reads the
 * key's index, whatever the planner believes of sizes. No timeout of the server's may end a session that waits for the
 * ledger; a dead client is noticed by keepalives.
 */
const sessionSettings = `
  set search_path = pg_catalog;
  set timezone = 'UTC';
  set datestyle = 'ISO';
  set intervalstyle = 'postgres';
  set statement_timeout = 0;
  set lock_timeout = 0;
  set idle_in_transaction_session_timeout = 0;
  set idle_session_timeout = 0;
  set plan_cache_mode = force_generic_plan;
  set enable_hashjoin = off;
  set enable_mergejoin = off;
  set enable_seqscan = off;
  set jit = off;
  set tcp_keepalives_idle = 10;
  set tcp_keepalives_interval = 5;
  set tcp_keepalives_count = 3;
  select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')`;

/** Opens it. Throws Problem('SINK_UNREACHABLE') without the credentials of the URL. */
export async function connectSink(input: {
  readonly url: string;
  readonly route: string;
  readonly log: Log;
}): Promise<SinkConnection> {
  const client = new pg.Client({
    connectionString: input.url,
    application_name: `spine ${input.route}`,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    pipeline: true,
  });
  // A lost connection fails the statements that wait for it; without a listener the event would end the process.
  client.on('error', (error) =>
    input.log.warn({ event: 'sink.connection_lost', route: input.route, code: codeOf(error) }),
  );
  try {
    await client.connect();
    await client.query(sessionSettings);
    const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
    if (rows[0]?.standby === true) {
      throw new Problem('SINK_UNREACHABLE', 'the sink is a standby: it accepts no writes', {
        fix: 'Point the sink at its primary.',
      });
    }
  } catch (error) {
    await endClient(client);
    if (error instanceof Problem) throw error;
    throw new Problem(
      'SINK_UNREACHABLE',
      `no connection to the sink at ${hostOf(input.url)}${codeOf(error)}`,
      {
        fix: 'Check that the server runs, that address and password are right, and that pg_hba.conf lets this machine in.',
        cause: error,
      },
    );
  }
  return { client, close: () => endClient(client) };
}

/** SQLSTATE or errno in brackets, or nothing: what of an error may be shown. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? ` (${error.code})`
    : '';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that cannot be parsed';
}

/** Says goodbye; a server that does not answer is left after a second. */
async function endClient(client: pg.Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, endMs);
  });
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(timer);
  client.connection.stream.destroy();
}
