import { systemClock } from '@spine/platform/clock';
import { createDisposeStack } from '@spine/platform/lifecycle/dispose-stack';
import { createLog } from '@spine/platform/log/create-log';
import { createMetrics } from '@spine/platform/metrics/create-metrics';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createService } from '@spine/platform/service/create-service';
import type { Service } from '@spine/platform/service/service';
import { sql } from 'kysely';
import { addInternalRoutes } from './api/rest/internal-routes.ts';
import { observeRoutes } from './api/rest/observe-routes.ts';
import { createReferenceResolver } from './clients/resolve-reference.ts';
import { type CdcConfig, workerEnv } from './config.ts';
import { buildCdcSubgraph } from './sdl.ts';
import type { CdcTables } from './store/cdc-tables.ts';
import { cdcMigrations } from './store/migrations.ts';
import { superviseWorkers } from './worker/supervise-workers.ts';

/** The cdc service: its API, and the worker processes that run the routes. */
export async function createCdcService(config: CdcConfig): Promise<Service> {
  const log = createLog({ service: 'cdc', level: config.logLevel });
  const clock = systemClock;
  const metrics = createMetrics('cdc');
  const stack = createDisposeStack();
  const database = createDatabase<CdcTables>({ url: config.databaseUrl, schema: 'cdc', log });
  stack.defer(() => database.close());
  try {
    await migrate(database, cdcMigrations);
    observeRoutes(metrics, database, clock);
    const service = await createService({
      name: 'cdc',
      host: config.host,
      port: config.port,
      serviceSecret: config.serviceSecret,
      tokensFile: config.tokensFile,
      log,
      metrics,
      subgraph: await buildCdcSubgraph(),
      readiness: { database: () => sql`select 1`.execute(database.kysely) },
      context: { database, clock },
      routes: (app) =>
        addInternalRoutes(app, {
          database,
          resolver: createReferenceResolver(config),
          embeddedUrl: config.embeddedUrl,
          clock,
          log,
        }),
      stack,
    });
    // Last in, first out: workers drain while their store and this service's calls still stand.
    const workers = superviseWorkers({ count: config.workers, env: workerEnv(config), clock, log });
    stack.defer(() => workers.close());
    return service;
  } catch (error) {
    await stack.close();
    throw error;
  }
}
