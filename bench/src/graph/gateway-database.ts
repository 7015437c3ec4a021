import { startPostgres } from '@spine/testkit/start-postgres';

/** Runs a bench beside a Postgres for what our gateway writes down (audit, usage), as in production. */
export async function withGatewayDatabase<T>(
  run: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const postgres = await startPostgres({ version: 'embedded' });
  try {
    return await run({ SPINE_DATABASE_URL: postgres.url });
  } finally {
    await postgres.stop();
  }
}
