import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser URL of the Postgres that this run's tests share. */
    readonly postgresUrl: string;
    /** Prefix of every database of this run, so that a shared server can be cleaned up. */
    readonly postgresRun: string;
  }
}

/**
 * Gives a vitest run its Postgres: the one of SPINE_TEST_PG, or an embedded one that lives as long as the run. Either
 * way it removes what the tests left.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['SPINE_TEST_PG'];
  const run = `spine_test_${randomBytes(4).toString('hex')}`;
  project.provide('postgresRun', run);
  if (given) {
    project.provide('postgresUrl', given);
    return () => dropDatabases(given, run);
  }
  const server = await startPostgres({ version: 'embedded' });
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows) {
      await client.query(`drop database if exists ${pg.escapeIdentifier(datname)} with (force)`);
    }
  } finally {
    await client.end();
  }
}
