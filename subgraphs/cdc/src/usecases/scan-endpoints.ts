import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Transaction } from 'kysely';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import type { Finding } from '../domain/scan/finding.ts';
import { quarantineSteps, stepText } from '../domain/scan/quarantine-steps.ts';
import { isRegistered, type Register } from '../domain/scan/register.ts';
import type { Sighting } from '../domain/scan/sighting.ts';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';
import { weighSightings } from '../domain/scan/weigh-sightings.ts';
import type { Observation } from '../scanner/observation.ts';
import { observeKafka } from '../scanner/observe-kafka.ts';
import { observePostgres } from '../scanner/observe-postgres.ts';
import { codeOf } from '../source/server-error.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import {
  addBaselines,
  addFinding,
  baselinedAspects,
  closeFindings,
  findingsAt,
  lockFindings,
  touchFinding,
} from '../store/findings.ts';
import { listRoutes } from '../store/routes.ts';
import { addScan, cutScans, type EndpointScan, findScanByKey, type Scan } from '../store/scans.ts';
import { listWatchedEndpoints } from '../store/watched-endpoints.ts';
import { quarantineFindings } from './quarantine-findings.ts';

export interface ScanDeps {
  readonly database: Database<CdcTables>;
  readonly resolver: ReferenceResolver;
  /** Whether what cannot be observed is a finding: everywhere but in dev mode. */
  readonly unobservedIsFound: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who asked for a scan, and by which key: the same key again answers the same scan. */
export interface ScanRequest {
  readonly by: string;
  readonly idempotencyKey: string;
}

const keepScansMs = 7 * 24 * 3_600_000;

/** Scans, one after the other in a process; remembers what was registered at the scan before. */
export interface Scanner {
  scan(request?: ScanRequest): Promise<Scan>;
}

export function createScanner(deps: ScanDeps): Scanner {
  let last: Promise<unknown> = Promise.resolve();
  let routesBefore: readonly RouteRef[] = [];
  const scanOnce = async (request: ScanRequest | undefined): Promise<Scan> => {
    const db = deps.database.kysely;
    const answered = request && (await findScanByKey(db, request.by, request.idempotencyKey));
    if (answered !== undefined) return answered;
    const startedAt = deps.clock.now();
    const endpoints = await listWatchedEndpoints(db);
    const before = await listRoutes(db);
    const observations = await Promise.all(endpoints.map((endpoint) => observe(deps, endpoint)));
    // A route that came meanwhile has its slot already; one that went may have it for a moment more.
    const after = await listRoutes(db);
    const routes = [...routesBefore, ...before, ...after];
    routesBefore = after;
    const scan = await record(deps, { observations, routes, startedAt, request });
    await quarantineFindings(deps, observations);
    return scan;
  };
  return {
    scan(request) {
      const next = last.then(() => scanOnce(request));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

interface RouteRef {
  readonly name: string;
  readonly source: string;
}

async function observe({ resolver }: ScanDeps, endpoint: WatchedEndpoint): Promise<Observation> {
  try {
    switch (endpoint.type) {
      case 'postgres':
        return await observePostgres(endpoint, resolver.url(endpoint.url));
      case 'kafka':
        return await observeKafka(endpoint, brokersOf(endpoint, resolver));
      default:
        throw new Problem('NOT_SUPPORTED', `what reads a ${endpoint.type} is not looked for`);
    }
  } catch (error) {
    const reason = error instanceof Problem ? error.message : `no connection${codeOf(error)}`;
    const unobserved = [{ kind: null, reason }];
    return { endpoint, places: [], role: null, sightings: [], observed: [], unobserved };
  }
}

/** `env:NAME` may hold several, separated by commas. */
function brokersOf({ brokers }: WatchedEndpoint, resolver: ReferenceResolver): readonly string[] {
  return brokers.flatMap((reference) => resolver.url(reference).split(',')).map((broker) => broker.trim());
}

/** Writes down what was seen; nothing is done about a finding before it stands here. */
async function record(
  { database, clock, log, unobservedIsFound }: ScanDeps,
  scan: {
    readonly observations: readonly Observation[];
    readonly routes: readonly RouteRef[];
    readonly startedAt: Date;
    readonly request: ScanRequest | undefined;
  },
): Promise<Scan> {
  const { observations, routes, startedAt, request } = scan;
  const unknown = observations.map((observation) => {
    const own = observation.sightings.filter(
      (sighting) => !isRegistered(sighting, registerAt(sighting.place, observations, routes)),
    );
    return {
      observation,
      sightings: [...own, ...(unobservedIsFound ? blindSpots(observation) : [])],
    };
  });
  const opened: Sighting[] = [];
  const finishedAt = clock.now();
  const draft = {
    requestedBy: request?.by ?? null,
    idempotencyKey: request?.idempotencyKey ?? null,
    startedAt,
    finishedAt,
    endpoints: unknown.map(
      ({ observation, sightings }): EndpointScan => ({
        kind: observation.endpoint.kind,
        name: observation.endpoint.name,
        sightings: sightings.length,
        unobserved: [...observation.unobserved],
      }),
    ),
  };
  const id = await database.kysely.transaction().execute(async (trx) => {
    await lockFindings(trx);
    opened.push(...(await weigh(trx, unknown, startedAt)));
    await cutScans(trx, new Date(startedAt.getTime() - keepScansMs));
    return await addScan(trx, { ...draft, opened: opened.length });
  });
  for (const { kind, place, name } of opened) log.warn({ event: 'finding.opened', kind, place, name });
  const { idempotencyKey: _, ...seen } = draft;
  return { ...seen, id, opened: opened.length };
}

interface Unknown {
  readonly observation: Observation;
  readonly sightings: readonly Sighting[];
}

/** Brings the findings to what was seen, and answers what was opened. */
async function weigh(
  trx: Transaction<CdcTables>,
  unknown: readonly Unknown[],
  at: Date,
): Promise<readonly Sighting[]> {
  const places = [
    ...new Set(unknown.flatMap(({ observation }) => [...observation.places, blindPlace(observation)])),
  ];
  const sightings = unknown.flatMap((seen) => seen.sightings);
  const weighed = weighSightings({
    known: await findingsAt(trx, places),
    sightings,
    observed: unknown.flatMap(({ observation }) => [
      ...observation.observed,
      { place: blindPlace(observation), kind: 'unobserved' as const },
    ]),
    baselined: await baselinedAspects(trx, places),
  });
  for (const { sighting, state } of weighed.found) {
    const { endpoint } = unknown.find((seen) => seen.sightings.includes(sighting))?.observation ?? {};
    if (endpoint === undefined) continue;
    await addFinding(trx, sighting, { endpoint, state, steps: stepsOf(sighting), at });
  }
  for (const { finding, sighting, reopens } of weighed.seen) {
    await touchFinding(trx, finding.id, { sighting, steps: stepsOf(sighting), reopens, at });
  }
  await closeFindings(
    trx,
    weighed.gone.map(({ id }: Finding) => id),
    at,
  );
  await addBaselines(trx, weighed.firstObserved, at);
  return [
    ...weighed.found.filter(({ state }) => state === 'open').map(({ sighting }) => sighting),
    ...weighed.seen.filter(({ reopens }) => reopens).map(({ sighting }) => sighting),
  ];
}

function stepsOf(sighting: Sighting): readonly string[] {
  return quarantineSteps(sighting).map(stepText);
}

/** Everything that may be at a place: of all endpoints there, for a server may be a source and a sink. */
function registerAt(
  place: string,
  observations: readonly Observation[],
  routes: readonly RouteRef[],
): Register {
  const there = observations.filter(({ places }) => places.includes(place));
  const sources = new Set(
    there.filter(({ endpoint }) => endpoint.kind === 'source').map(({ endpoint }) => endpoint.name),
  );
  return {
    routes: new Set(routes.filter(({ source }) => sources.has(source)).map(({ name }) => name)),
    roles: new Set(there.flatMap(({ role }) => role ?? [])),
    consumers: there.flatMap(({ endpoint }) => endpoint.consumers),
  };
}

function blindPlace({ endpoint }: Observation): string {
  return `${endpoint.kind} ${endpoint.name}`;
}

/** What could not be observed, as sightings: it is not known to be clean. */
function blindSpots(observation: Observation): readonly Sighting[] {
  return observation.unobserved.map(({ kind, reason }) => ({
    place: blindPlace(observation),
    kind: 'unobserved',
    name: kind ?? 'the whole of it',
    details: { reason },
  }));
}
