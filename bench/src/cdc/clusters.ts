import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import pg from 'pg';

const settings = { shared_buffers: '512MB', max_wal_size: '8GB', checkpoint_timeout: '30min', fsync: 'on' };

/** Two servers of the shipped version, one the source and one the sink, with the same settings for both contenders. */
export async function startClusters(): Promise<{
  source: TestPostgres;
  sink: TestPostgres;
  stop(): Promise<void>;
}> {
  const source = await startPostgres({ version: 'embedded', settings });
  const sink = await startPostgres({ version: 'embedded', settings });
  return {
    source,
    sink,
    async stop() {
      await source.stop();
      await sink.stop();
    },
  };
}

/** Runs statements one after the other on a connection of their own. */
export async function runAll(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The first column of the first row. */
export async function ask(url: string, sql: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    const [value] = Object.values(rows[0] ?? {});
    return value == null ? undefined : String(value);
  } finally {
    await client.end();
  }
}
