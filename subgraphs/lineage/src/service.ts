import { createListenHub } from '@spine/platform/postgres/listen-hub';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import { createStream } from '@spine/platform/stream/create-stream';
import { sql } from 'kysely';
import type { LineageContext } from './api/graphql/lineage-context.ts';
import { observeIngest } from './api/rest/observe-ingest.ts';
import { addPostLineage } from './api/rest/post-lineage.ts';
import type { LineageConfig } from './config.ts';
import type { GraphChange } from './domain/graph-change.ts';
import { createFacetCheck } from './formats/check-facet.ts';
import { buildLineageSubgraph } from './sdl.ts';
import { openLineageDatabase } from './store/open-lineage-database.ts';
import { createIngest } from './usecases/create-ingest.ts';
import { changesStream } from './usecases/ingest-events.ts';

/** The lineage service: OpenLineage events in, the graph of datasets, jobs and runs out. */
export async function createLineageService(config: LineageConfig): Promise<Service> {
  const host = createServiceHost({ name: 'lineage', config });
  const { app, log, metrics } = host;
  try {
    const database = await openLineageDatabase({ url: config.databaseUrl, log });
    host.defer(() => database.close());
    host.probe('database', () => sql`select 1`.execute(database.kysely));
    const hub = createListenHub(database, log);
    host.defer(() => hub.close());
    const changes = createStream<GraphChange>({
      database,
      hub,
      name: changesStream,
      secret: config.streamSecret,
      log,
    });
    host.defer(() => changes.close());

    const observed = observeIngest(metrics, () => ingest.waiting());
    const ingest = createIngest({ db: database.kysely, onGroup: observed.onGroup });
    host.defer(() => ingest.close());
    addPostLineage(app, { ingest, checkFacet: createFacetCheck() });
    return await host.finish({
      subgraph: await buildLineageSubgraph(),
      createContext: (base): LineageContext => ({ ...base, database, changes }),
    });
  } catch (error) {
    await host.close();
    throw error;
  }
}
