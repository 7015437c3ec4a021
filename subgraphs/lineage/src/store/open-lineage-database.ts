import type { Log } from '@spine/platform/log/create-log';
import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import type { LineageTables } from './lineage-tables.ts';
import { lineageMigrations } from './migrations.ts';

/** Opens the lineage schema at its newest version. */
export async function openLineageDatabase(options: {
  readonly url: string;
  readonly log: Pick<Log, 'warn'>;
  /** Most connections open at once; 10 by default. */
  readonly max?: number;
}): Promise<Database<LineageTables>> {
  const database = createDatabase<LineageTables>({ ...options, schema: 'lineage' });
  try {
    await migrate(database, lineageMigrations);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
