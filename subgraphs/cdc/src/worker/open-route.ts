import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Tracing } from '@spine/platform/tracing/create-tracing';
import type { GovernanceClient } from '../clients/governance.ts';
import type { RegistryClient } from '../clients/registry.ts';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import { createRouteRunEvents } from '../clients/route-run-events.ts';
import { deadLetterLimits } from '../domain/dead-letter.ts';
import type { Route } from '../domain/endpoint.ts';
import { publicationName, slotName } from '../domain/route-names.ts';
import type { PassFailpoint } from '../pipeline/failpoint.ts';
import type { LeafQueue } from '../pipeline/leaf-queue.ts';
import type { PolicyFeed } from '../pipeline/policy-feed.ts';
import { defaultLimits, type RouteContext } from '../pipeline/route-context.ts';
import type { RouteMemory } from '../pipeline/route-memory.ts';
import type { RouteProgress } from '../pipeline/route-progress.ts';
import { findPrimary } from '../source/find-primary.ts';
import { createPostgresSource } from '../source/postgres-source.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { deadLetterBox } from '../store/dead-letters.ts';
import { listSinks, listSources } from '../store/endpoints.ts';
import { openIncident, resolveIncident } from '../store/incidents.ts';
import { readStartsAnew, saveStartsAnew } from '../store/route-status.ts';
import { keepTables, listTables, saveTable } from '../store/route-tables.ts';
import { appendRunEvents } from '../store/run-events.ts';
import { openSink } from './open-sink.ts';
import { sourceAddresses } from './source-addresses.ts';

export interface OpenRouteDeps {
  readonly database: Database<CdcTables>;
  readonly resolver: ReferenceResolver;
  readonly policyFeed: PolicyFeed;
  readonly leaves: LeafQueue;
  readonly governance: GovernanceClient;
  readonly registry: RegistryClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly pass: PassFailpoint;
  /** Where transactions wait that are too large for memory. */
  readonly spoolFolder: string;
}

const heartbeatMs = 10_000;

/** Puts together what one start of a route needs. Connections open lazily; `close` of source and sink ends them. */
export async function openRoute(
  deps: OpenRouteDeps,
  route: Route,
  progress: RouteProgress,
  signal: AbortSignal,
): Promise<RouteContext> {
  const { database, resolver, clock } = deps;
  const db = database.kysely;
  const log = deps.log.child({ route: route.name });
  const sourceEndpoint = (await listSources(db)).find((source) => source.name === route.source);
  const sinkEndpoint = (await listSinks(db)).find((sink) => sink.name === route.sink);
  if (sourceEndpoint === undefined || sinkEndpoint === undefined) {
    throw new Problem('CONFIG_INVALID', `route ${route.name} names a source or sink that is not registered`, {
      fix: 'Run `spine apply` with the file that declares both.',
    });
  }
  const slot = slotName(route.name);
  const { url } = await findPrimary(sourceAddresses(resolver, sourceEndpoint, route.name));
  return {
    route,
    sourceEndpoint,
    sinkEndpoint,
    slotName: slot,
    source: createPostgresSource({
      url,
      route: route.name,
      slotName: slot,
      publicationName: publicationName(route.name),
      log,
      clock,
      heartbeatMs,
      spoolFolder: deps.spoolFolder,
      failover: (sourceEndpoint.standbys ?? []).length > 0,
    }),
    sink: openSink({ ...deps, log }, route, sinkEndpoint),
    obligationKey: route.obligationKey === null ? null : resolver.key(route.obligationKey),
    policyFeed: deps.policyFeed,
    leaves: deps.leaves,
    governance: deps.governance,
    registry: deps.registry,
    memory: routeMemory(database, route.name),
    deadLetters: deadLetterBox(db, route.name),
    deadLetterLimits: deadLetterLimits(route.deadLetters),
    progress,
    runEvents: createRouteRunEvents({
      route,
      source: sourceEndpoint,
      sink: sinkEndpoint,
      clock,
      append: (events) => appendRunEvents(db, events),
    }),
    clock,
    log,
    tracing: deps.tracing,
    limits: defaultLimits,
    pass: deps.pass,
    signal,
  };
}

function routeMemory(database: Database<CdcTables>, route: string): RouteMemory {
  const db = database.kysely;
  return {
    tables: () => listTables(db, [route]),
    saveTable: (schema, table, change) => saveTable(db, { route, schema, table }, change),
    keepTables: (kept) => keepTables(db, route, kept),
    openIncident: (drift) => openIncident(db, route, drift),
    resolveIncident: (schema, table) => resolveIncident(db, route, { schema, table }),
    startsAnew: () => readStartsAnew(db, route),
    setStartsAnew: (value) => saveStartsAnew(db, route, value),
  };
}
