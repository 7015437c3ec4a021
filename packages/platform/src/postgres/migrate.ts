import { createHash } from 'node:crypto';
import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { Database } from './create-database.ts';

/** One step of a schema's history: numbered, forward only, never edited once it was applied anywhere. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Brings the database's schema to the last of `migrations`, creating it if need be: all pending steps or none. Safe
 * to call from many processes at once. Refuses a schema that knows more than this code (SCHEMA_NEWER_THAN_CODE) and
 * a history that was rewritten (CONFLICT).
 */
export async function migrate<DB>(
  database: Database<DB>,
  migrations: readonly Migration[],
): Promise<{ readonly applied: readonly number[] }> {
  assertAscending(migrations);
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `spine.migrate.${database.schema}`,
    ]);
    const schema = pg.escapeIdentifier(database.schema);
    await client.query(`create schema if not exists ${schema}`);
    await client.query(`
      create table if not exists ${schema}.migration (
        version int primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`);
    const { rows } = await client.query<AppliedMigration>(
      `select version, name, checksum from ${schema}.migration order by version`,
    );
    const pending = pendingMigrations(database.schema, migrations, rows);
    for (const migration of pending) {
      await client.query(migration.sql);
      await client.query(`insert into ${schema}.migration (version, name, checksum) values ($1, $2, $3)`, [
        migration.version,
        migration.name,
        checksumOf(migration),
      ]);
    }
    await client.query('commit');
    client.release();
    return { applied: pending.map((migration) => migration.version) };
  } catch (error) {
    // A session in an unknown state is not given back: closing it rolls back and frees the lock.
    client.release(true);
    throw error;
  }
}

function pendingMigrations(
  schema: string,
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const past of applied) {
    const migration = known.get(past.version);
    if (migration === undefined) {
      throw new Problem(
        'SCHEMA_NEWER_THAN_CODE',
        `schema ${schema} has migration ${past.version} (${past.name}), which this version does not know`,
        { fix: 'run the version that last migrated this database, or a newer one' },
      );
    }
    if (past.checksum !== checksumOf(migration)) {
      throw new Problem(
        'CONFLICT',
        `migration ${past.version} (${past.name}) of schema ${schema} was changed after it was applied`,
        { fix: 'restore its text and put the change into a new migration' },
      );
    }
  }
  const last = applied.at(-1)?.version ?? 0;
  const pending = migrations.filter(
    (migration) => !applied.some((past) => past.version === migration.version),
  );
  const late = pending.find((migration) => migration.version < last);
  if (late !== undefined) {
    throw new Problem(
      'CONFLICT',
      `migration ${late.version} (${late.name}) of schema ${schema} comes before ${last}, which is already applied`,
      { fix: 'number it after the last applied migration' },
    );
  }
  return pending;
}

function checksumOf(migration: Migration): string {
  // A checkout that changes line ends is not a change of history.
  return createHash('sha256').update(migration.sql.replaceAll('\r\n', '\n')).digest('hex');
}

function assertAscending(migrations: readonly Migration[]): void {
  let last = 0;
  for (const { version } of migrations) {
    invariant(Number.isInteger(version) && version > last, `migration ${version} follows ${last}`);
    last = version;
  }
}
