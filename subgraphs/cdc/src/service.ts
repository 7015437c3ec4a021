import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { systemClock } from '@spine/platform/clock';
import { createServiceClient } from '@spine/platform/http/service-client';
import { readPeerTls } from '@spine/platform/http/tls-files';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { createListenHub } from '@spine/platform/postgres/listen-hub';
import { migrate } from '@spine/platform/postgres/migrate';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import { createStream } from '@spine/platform/stream/create-stream';
import { cutStreams } from '@spine/platform/stream/cut-streams';
import { sql } from 'kysely';
import type { CdcContext, CdcStreams } from './api/graphql/cdc-context.ts';
import { addInternalRoutes } from './api/rest/internal-routes.ts';
import { observeRoutes } from './api/rest/observe-routes.ts';
import { observeScans } from './api/rest/observe-scans.ts';
import { addSmoke } from './api/rest/smoke-route.ts';
import { addVerification } from './api/rest/stream-verification.ts';
import { createGovernanceClient } from './clients/governance.ts';
import { createRegistryClient } from './clients/registry.ts';
import { createReferenceResolver } from './clients/resolve-reference.ts';
import { type CdcConfig, workerEnv } from './config.ts';
import type { LagSample, RouteEvent } from './domain/route-event.ts';
import { buildCdcSubgraph } from './sdl.ts';
import type { CdcTables } from './store/cdc-tables.ts';
import { cdcMigrations } from './store/migrations.ts';
import { releaseLeasesOf, workerId } from './store/worker-leases.ts';
import { createScanner } from './usecases/scan-endpoints.ts';
import { keepScanning } from './worker/keep-scanning.ts';
import { superviseWorkers } from './worker/supervise-workers.ts';

const hourMs = 60 * 60 * 1000;
const keptMs = { routeEvents: 30 * 24 * hourMs, routeLag: hourMs };

/** The cdc service: its API, and the worker processes that run the routes. */
export async function createCdcService(config: CdcConfig): Promise<Service> {
  const host = createServiceHost({ name: 'cdc', config });
  try {
    const { app, log, metrics } = host;
    const clock = systemClock;
    const database = createDatabase<CdcTables>({ url: config.databaseUrl, schema: 'cdc', log });
    host.defer(() => database.close());
    await migrate(database, cdcMigrations);
    host.probe('database', () => sql`select 1`.execute(database.kysely));
    const hub = createListenHub(database, log);
    host.defer(() => hub.close());
    const stream = { database, hub, secret: config.streamSecret, log };
    const streams: CdcStreams = {
      routeEvents: createStream<RouteEvent>({ ...stream, name: 'routeEvents' }),
      routeLag: createStream<LagSample>({ ...stream, name: 'routeLag' }),
    };
    host.defer(() => Promise.all([streams.routeEvents.close(), streams.routeLag.close()]));
    const cutting = cutStreams({ db: database.kysely, keptMs, clock, log });
    host.defer(() => cutting.close());
    observeRoutes(metrics, database, clock);
    observeScans(metrics, database, clock);
    const resolver = createReferenceResolver(config);
    const scanner = createScanner({
      database,
      resolver,
      unobservedIsFound: host.authenticator.mode !== 'dev',
      clock,
      log,
    });
    const scanning = keepScanning({
      id: workerId(hostname(), process.pid, randomUUID().slice(0, 8)),
      scanner,
      database,
      everyMs: config.scanMs,
      clock,
      log,
    });
    host.defer(() => scanning.close());
    const { embeddedUrl } = config;
    addInternalRoutes(app, { database, resolver, embeddedUrl, clock, log, onEndpoints: scanning.nudge });
    const tls = readPeerTls(config);
    const peer = (baseUrl: string) => {
      const client = createServiceClient({ baseUrl, service: 'cdc', secret: config.serviceSecret, tls });
      host.defer(() => client.close());
      return client;
    };
    const governance = createGovernanceClient(peer(config.governanceUrl));
    const registry = createRegistryClient(peer(config.registryUrl));
    addSmoke(app, { database, resolver, governance, clock, log });
    addVerification(app, { database, resolver, governance, registry, clock, log });
    const service = await host.finish({
      subgraph: await buildCdcSubgraph(),
      createContext: (base): CdcContext => ({ ...base, database, clock, scanner, streams }),
    });
    // Last in, first out: workers drain while their store still stands.
    const workers = superviseWorkers({
      count: config.workers,
      env: workerEnv(config),
      clock,
      log,
      onDeath: (pid) => releaseLeasesOf(database.kysely, hostname(), pid),
    });
    host.defer(() => workers.close());
    return service;
  } catch (error) {
    await host.close();
    throw error;
  }
}
