import type { Log } from '@spine/platform/log/create-log';
import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import type { GatewayTables } from './gateway-tables.ts';
import { gatewayMigrations } from './migrations.ts';

/** The gateway's Postgres schema, which may be away: the gateway answers queries without it. */
export interface GatewayDatabase {
  /** The migrated database. Rejects while it cannot be reached, and tries again when asked again. */
  ready(): Promise<Database<GatewayTables>>;
  close(): Promise<void>;
}

/** Opens it without waiting for it. */
export function openGatewayDatabase(url: string, log: Log): GatewayDatabase {
  const database = createDatabase<GatewayTables>({ url, schema: 'gateway', log, max: 4 });
  let migrated: Promise<Database<GatewayTables>> | undefined;
  return {
    ready() {
      migrated ??= migrate(database, gatewayMigrations).then(
        () => database,
        (error: unknown) => {
          migrated = undefined;
          throw error;
        },
      );
      return migrated;
    },
    close: () => database.close(),
  };
}
