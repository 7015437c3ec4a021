import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { systemClock } from '@spine/platform/clock';
import { createServiceClient } from '@spine/platform/http/service-client';
import { readPeerTls } from '@spine/platform/http/tls-files';
import { createDisposeStack } from '@spine/platform/lifecycle/dispose-stack';
import { drainOnSignal } from '@spine/platform/lifecycle/on-signal';
import { createLog } from '@spine/platform/log/create-log';
import { createDatabase } from '@spine/platform/postgres/create-database';
import { createTracing } from '@spine/platform/tracing/create-tracing';
import { createGovernanceClient } from '../clients/governance.ts';
import { createRegistryClient } from '../clients/registry.ts';
import { createReferenceResolver } from '../clients/resolve-reference.ts';
import { parseCdcConfig } from '../config.ts';
import { createLeafQueue } from '../pipeline/leaf-queue.ts';
import { createPolicyFeed } from '../pipeline/policy-feed.ts';
import { sweepSpool } from '../source/spool/spool.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { workerId } from '../store/worker-leases.ts';
import { createWorker } from './create-worker.ts';
import { guardRoute } from './guard-route.ts';
import { openRoute } from './open-route.ts';
import { relayRunEvents } from './relay-run-events.ts';
import { watchFailpoint } from './watch-failpoint.ts';

// A worker process: started and restarted by the cdc service; runs the routes whose leases it holds.
const config = parseCdcConfig();
const log = createLog({ service: 'cdc-worker', level: config.logLevel });
const clock = systemClock;
const stack = createDisposeStack();
const tracing = createTracing({ service: 'cdc-worker', url: null, ...config.tracing });
stack.defer(() => tracing.close());
await tracing.ready;
await sweepSpool(config.spoolFolder);

const database = createDatabase<CdcTables>({ url: config.databaseUrl, schema: 'cdc', log });
stack.defer(() => database.close());
const tls = readPeerTls(config);
const client = (baseUrl: string) => {
  const made = createServiceClient({ baseUrl, service: 'cdc', secret: config.serviceSecret, tls });
  stack.defer(() => made.close());
  return made;
};
const governance = createGovernanceClient(client(config.governanceUrl));
const policyFeed = createPolicyFeed({ governance, clock, log, pollMs: 500 });
stack.defer(() => policyFeed.close());
const relay = relayRunEvents({ database, lineage: client(config.lineageUrl), clock, log });
stack.defer(() => relay.close());

const deps = {
  database,
  resolver: createReferenceResolver(config),
  policyFeed,
  leaves: createLeafQueue({ governance, clock, retryMs: 500 }),
  governance,
  registry: createRegistryClient(client(config.registryUrl)),
  clock,
  log,
  tracing,
  pass: watchFailpoint(config.failpointFile),
  spoolFolder: config.spoolFolder,
};
const worker = createWorker({
  id: workerId(hostname(), process.pid, randomUUID().slice(0, 8)),
  database,
  clock,
  log,
  openRoute: (route, progress, signal) => openRoute(deps, route, progress, signal),
  guardRoute: (route, progress, signal) => guardRoute(deps, route, progress, signal),
});
stack.defer(() => worker.close());

drainOnSignal(() => stack.close(), log);
// The service holds the other end: when it is gone, however it went, the worker drains.
if (process.send !== undefined) process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
log.info({ event: 'worker.started' });
