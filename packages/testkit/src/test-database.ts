import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

// The import makes `inject` know what the setup provides.
import type {} from './vitest-postgres.ts';

/** An empty database, or a copy of a migrated one, that belongs to one test file. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Removes it with its slots, whoever is still connected. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Migrated once in a run, then cloned: `migrate` must close its connections. `name` tells templates apart. */
  readonly template?: { readonly name: string; readonly migrate: (url: string) => Promise<void> };
}

/** Makes a database in the run's shared Postgres. Only inside the vitest project that has the Postgres setup. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const adminUrl = inject('postgresUrl');
  const run = inject('postgresRun');
  const name = `${run}_${randomBytes(6).toString('hex')}`;
  await withAdmin(adminUrl, async (admin) => {
    const template =
      options.template === undefined
        ? undefined
        : await ensureTemplate(admin, adminUrl, run, options.template);
    const from = template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`;
    await admin.query(`create database ${pg.escapeIdentifier(name)}${from}`);
  });
  return {
    name,
    url: urlOf(adminUrl, name),
    drop: () => withAdmin(adminUrl, (admin) => dropWithSlots(admin, name)),
  };
}

async function ensureTemplate(
  admin: pg.Client,
  adminUrl: string,
  run: string,
  { name, migrate }: NonNullable<TestDatabaseOptions['template']>,
): Promise<string> {
  const template = `${run}_template_${name}`;
  const draft = `${template}_draft`;
  // Test files run in several processes: one makes the template, the others wait for it.
  await admin.query('select pg_advisory_lock(hashtextextended($1, 0))', [template]);
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
    if (rowCount === 0) {
      await admin.query(`drop database if exists ${pg.escapeIdentifier(draft)} with (force)`);
      await admin.query(`create database ${pg.escapeIdentifier(draft)}`);
      await migrate(urlOf(adminUrl, draft));
      // The name is the proof that the migration went through.
      await admin.query(
        `alter database ${pg.escapeIdentifier(draft)} rename to ${pg.escapeIdentifier(template)}`,
      );
    }
  } finally {
    await admin.query('select pg_advisory_unlock(hashtextextended($1, 0))', [template]);
  }
  return template;
}

async function dropWithSlots(admin: pg.Client, name: string): Promise<void> {
  await admin.query(
    'select pg_terminate_backend(active_pid) from pg_replication_slots where database = $1 and active_pid is not null',
    [name],
  );
  for (let attempt = 0; ; attempt += 1) {
    try {
      await admin.query(
        'select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = $1',
        [name],
      );
      break;
    } catch (error) {
      // The walsender that we ended may take a moment to let go of its slot.
      if (attempt >= 100 || !(error instanceof pg.DatabaseError) || error.code !== '55006') throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
}

async function withAdmin<T>(url: string, fn: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await fn(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
