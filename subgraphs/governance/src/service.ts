import { randomUUID } from 'node:crypto';
import { systemClock } from '@spine/platform/clock';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { createListenHub } from '@spine/platform/postgres/listen-hub';
import { migrate } from '@spine/platform/postgres/migrate';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import { createStream } from '@spine/platform/stream/create-stream';
import { cutStreams } from '@spine/platform/stream/cut-streams';
import { sql } from 'kysely';
import type { GovernanceContext, GovernanceStreams } from './api/graphql/governance-context.ts';
import { createGovernanceMetrics } from './api/rest/governance-metrics.ts';
import { addLedgerRoutes } from './api/rest/ledger-routes.ts';
import { addPolicyRoutes } from './api/rest/policy-routes.ts';
import type { GovernanceConfig } from './config.ts';
import type { ViolationEvent } from './domain/follow-violations.ts';
import { buildGovernanceSubgraph } from './sdl.ts';
import type { GovernanceTables } from './store/governance-tables.ts';
import { governanceMigrations } from './store/migrations.ts';
import type { GovernanceDeps } from './usecases/governance-deps.ts';
import { createMatrixReader } from './usecases/matrix-reader.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Decisions themselves stay; their stream tells of the last day. */
const keptMs = { decisions: dayMs, violations: 30 * dayMs };

/** The governance service: the residency matrix, the ledger of decisions, violations. */
export async function createGovernanceService(config: GovernanceConfig): Promise<Service> {
  const host = createServiceHost({ name: 'governance', config });
  const { app, log, metrics } = host;
  try {
    const database = createDatabase<GovernanceTables>({ url: config.databaseUrl, schema: 'governance', log });
    host.defer(() => database.close());
    await migrate(database, governanceMigrations);
    host.probe('database', () => sql`select 1`.execute(database.kysely));

    const hub = createListenHub(database, log);
    host.defer(() => hub.close());
    const stream = { database, hub, secret: config.streamSecret, log };
    const streams: GovernanceStreams = {
      violations: createStream<ViolationEvent>({ ...stream, name: 'violations' }),
      decisions: createStream<string>({ ...stream, name: 'decisions' }),
    };
    host.defer(() => Promise.all([streams.violations.close(), streams.decisions.close()]));
    const cutting = cutStreams({ db: database.kysely, keptMs, clock: systemClock, log });
    host.defer(() => cutting.close());

    const governance: GovernanceDeps = {
      database,
      matrices: createMatrixReader(),
      clock: systemClock,
      newId: randomUUID,
      devMode: config.tokensFile === null,
    };
    addPolicyRoutes(app, governance);
    addLedgerRoutes(app, governance, createGovernanceMetrics(metrics, database.kysely));
    return await host.finish({
      subgraph: await buildGovernanceSubgraph(),
      createContext: (base): GovernanceContext => ({ ...base, governance, streams }),
    });
  } catch (error) {
    await host.close();
    throw error;
  }
}
