import { locatePlatformPackage } from '@spine/platform/embedded/platform-package';
import pg from 'pg';
import type { Env } from '../config.ts';
import type { Finding } from './finding.ts';

/** The metadata database: the one named, or the binaries of the embedded one. */
export async function checkDatabase(env: Env, home: string): Promise<Finding> {
  const url = env['SPINE_DATABASE_URL'];
  if (url === undefined) return checkEmbedded(home);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; good: boolean }>(
      `select current_setting('server_version') as version,
              has_database_privilege(current_database(), 'create') as good`,
    );
    const good = rows[0]?.good === true;
    return {
      name: 'metadata database',
      good,
      detail: `Postgres ${rows[0]?.version ?? '?'}`,
      ...(!good && { fix: 'grant create on database ... to the role of SPINE_DATABASE_URL.' }),
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    return {
      name: 'metadata database',
      good: false,
      detail: `cannot be reached (${code})`,
      fix: 'Check SPINE_DATABASE_URL, or unset it to use the embedded Postgres.',
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function checkEmbedded(home: string): Finding {
  try {
    locatePlatformPackage();
    return { name: 'metadata database', good: true, detail: `embedded Postgres under ${home}` };
  } catch {
    return {
      name: 'metadata database',
      good: false,
      detail: `no embedded Postgres for ${process.platform}-${process.arch}`,
      fix: 'Run npm ci without --omit=optional, or set SPINE_DATABASE_URL to a Postgres of your own.',
    };
  }
}
