import { systemClock } from '@spine/platform/clock';
import { createServiceClient } from '@spine/platform/http/service-client';
import { readPeerTls } from '@spine/platform/http/tls-files';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { createListenHub } from '@spine/platform/postgres/listen-hub';
import { migrate } from '@spine/platform/postgres/migrate';
import { createServiceHost, type ServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import { createStream } from '@spine/platform/stream/create-stream';
import { sql } from 'kysely';
import { addConfluentRoutes } from './api/confluent/confluent-routes.ts';
import type { RegistryContext } from './api/graphql/registry-context.ts';
import { addOwnRoutes } from './api/rest/own-routes.ts';
import { createInventory, type Inventory } from './clients/inventory.ts';
import type { RegistryConfig } from './config.ts';
import { defaultRelease } from './domain/confluent/confluent-release.ts';
import { createReadyAnswers } from './read/ready-answers.ts';
import { watchRemovals } from './read/watch-removals.ts';
import { buildRegistrySubgraph } from './sdl.ts';
import { registryMigrations } from './store/migrations.ts';
import { createPublishQueue } from './store/publish-queue.ts';
import type { RegistryTables } from './store/registry-tables.ts';
import { createSubjectStates } from './store/subject-states.ts';
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
    const registry: RegistryDeps = {
      database,
      schemas: createSchemaCache(),
      publishes: createPublishQueue(database),
      states: createSubjectStates(),
      inventory: openInventory(config, host),
    };
    const ready = createReadyAnswers();
    host.defer(watchRemovals(hub, database.schema, ready));
    addOwnRoutes(app, registry, ready);
    addConfluentRoutes(app, registry, { release: config.confluentRelease ?? defaultRelease, ready });
    return await host.finish({
      subgraph: await buildRegistrySubgraph(),
      createContext: (base): RegistryContext => ({ ...base, registry, changes }),
    });
  } catch (error) {
    await host.close();
    throw error;
  }
}

/** The inventory that a publish has to meet, where a governance is known. */
function openInventory(config: RegistryConfig, host: ServiceHost): Inventory | undefined {
  const { governanceUrl: baseUrl = null, serviceSecret: secret } = config;
  if (baseUrl === null) return undefined;
  // A publisher waits for it.
  const timeoutMs = 2_000;
  const http = createServiceClient({
    baseUrl,
    service: 'registry',
    secret,
    tls: readPeerTls(config),
    timeoutMs,
  });
  host.defer(() => http.close());
  return createInventory(http, systemClock);
}
