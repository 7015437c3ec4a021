import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from '../log/create-log.ts';
import { traceStatement } from '../tracing/trace-statements.ts';
import { assertSchemaName } from './schema-name.ts';
import { wideIntegerTypes } from './wide-integer-types.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** The service's own Postgres schema; every unqualified name resolves to it. */
  readonly schema: string;
  readonly log: Pick<Log, 'warn'>;
  /** Most connections open at once; 10 by default. */
  readonly max?: number;
}

/** A service's door to its own schema: typed queries, the pool below them, and the end of both. */
export interface Database<DB> {
  readonly kysely: Kysely<DB>;
  readonly pool: pg.Pool;
  readonly schema: string;
  /** Where the pool connects to. Holds a password: never log it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens a pool whose sessions live in `schema` and read int8 as bigint. Nothing connects until the first query, and
 * a lost connection is logged and replaced: it never ends the process.
 */
export function createDatabase<DB>({ url, schema, log, max = 10 }: DatabaseOptions): Database<DB> {
  assertSchemaName(schema);
  const pool = new pg.Pool({
    connectionString: url,
    max,
    options: `-c search_path=${schema}`,
    application_name: `spine-${schema}`,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: wideIntegerTypes,
  });
  const lost = (error: Error): void => {
    log.warn({ event: 'postgres.connection_lost', schema, err: error });
  };
  // The pool reports idle clients only, and takes its listener off a client that is lent out: a client that breaks
  // between two queries of a transaction would otherwise be an unhandled 'error'.
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));

  const kysely = new Kysely<DB>({ dialect: new PostgresDialect({ pool }), log: traceStatement });
  let closing: Promise<void> | undefined;
  return {
    kysely,
    pool,
    schema,
    url,
    close() {
      closing ??= closeBoth(kysely, pool);
      return closing;
    },
  };
}

async function closeBoth<DB>(kysely: Kysely<DB>, pool: pg.Pool): Promise<void> {
  await kysely.destroy();
  // Kysely ends the pool only if it was used.
  if (!pool.ended && !pool.ending) await pool.end();
}
