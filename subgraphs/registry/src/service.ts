import { createDatabase } from '@spine/platform/postgres/create-database';
import { createListenHub } from '@spine/platform/postgres/listen-hub';
import { migrate } from '@spine/platform/postgres/migrate';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import { createStream } from '@spine/platform/stream/create-stream';
import { sql } from 'kysely';
import type { RegistryContext } from './api/graphql/registry-context.ts';
import { addContractRoute } from './api/rest/contract-route.ts';
import { addSchemaRoutes } from './api/rest/schema-routes.ts';
import type { RegistryConfig } from './config.ts';
import { buildRegistrySubgraph } from './sdl.ts';
import { registryMigrations } from './store/migrations.ts';
import type { RegistryTables } from './store/registry-tables.ts';
import type { RegistryDeps } from './usecases/registry-deps.ts';
import { createSchemaCache } from './usecases/schema-cache.ts';
import { parseSchemaChange, type SchemaChange, schemaChanges } from './usecases/schema-change.ts';

/** The registry: schemas by REST and in the graph, and a stream of what is published. */
export async function createRegistryService(config: RegistryConfig): Promise<Service> {
  const host = createServiceHost({ name: 'registry', config });
  try {
    const { app, log } = host;
    const database = createDatabase<RegistryTables>({ url: config.databaseUrl, schema: 'registry', log });
    host.defer(() => database.close());
    await migrate(database, registryMigrations);
    host.probe('database', () => sql`select 1`.execute(database.kysely));
    const hub = createListenHub(database, log);
    host.defer(() => hub.close());
    const changes = createStream<SchemaChange>({
      database,
      hub,
      name: schemaChanges,
      secret: config.streamSecret,
      log,
      parse: parseSchemaChange,
    });
    host.defer(() => changes.close());
    const registry: RegistryDeps = { database, schemas: createSchemaCache() };
    addSchemaRoutes(app, registry);
    addContractRoute(app, registry);
    return await host.finish({
      subgraph: await buildRegistrySubgraph(),
      createContext: (base): RegistryContext => ({ ...base, registry, changes }),
    });
  } catch (error) {
    await host.close();
    throw error;
  }
}
