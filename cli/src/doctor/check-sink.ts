import pg from 'pg';
import type { Finding } from './finding.ts';

/** A sink against what a route needs of it: reachable, may create schemas. */
export async function checkSink(name: string, url: string): Promise<Finding> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ good: boolean }>(
      `select has_database_privilege(current_database(), 'create') as good`,
    );
    const good = rows[0]?.good === true;
    return {
      name: `sink ${name}`,
      good,
      detail: good ? 'reachable, may create schemas' : 'may not create schemas',
      ...(!good && { fix: 'grant create on database ... to the role of the sink URL.' }),
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    return {
      name: `sink ${name}`,
      good: false,
      detail: `cannot be reached (${code})`,
      fix: 'Check the URL, the password and pg_hba.conf; the server must run and let this machine in.',
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}
