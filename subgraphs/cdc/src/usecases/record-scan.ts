import { invariant } from '@spine/kernel/invariant';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Transaction } from 'kysely';
import { quarantineSteps, stepText } from '../domain/scan/quarantine-steps.ts';
import { isRegistered, type Register } from '../domain/scan/register.ts';
import type { Sighting } from '../domain/scan/sighting.ts';
import { weighSightings } from '../domain/scan/weigh-sightings.ts';
import type { Observation } from '../scanner/observation.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import {
  addBaselines,
  addFinding,
  baselinedAspects,
  closeFindings,
  closeUnwatched,
  findingsAt,
  lockFindings,
  touchFinding,
} from '../store/findings.ts';
import { addScan, cutScans, type EndpointScan, type Scan } from '../store/scans.ts';

export interface RecordDeps {
  readonly database: Database<CdcTables>;
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

export interface RouteRef {
  readonly name: string;
  readonly source: string;
}

const keepScansMs = 7 * 24 * 3_600_000;

/** Writes down what was seen; nothing is done about a finding before it stands here. */
export async function recordScan(
  { database, clock, log, unobservedIsFound }: RecordDeps,
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
  const unreached = unknown.filter(({ observation }) => observation.places.length === 0);
  await closeUnwatched(
    trx,
    places,
    unreached.map(({ observation }) => observation.endpoint),
    at,
  );
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
  const endpointOf = new Map(
    unknown.flatMap((seen) => seen.sightings.map((sighting) => [sighting, seen.observation.endpoint])),
  );
  for (const { sighting, state } of weighed.found) {
    const endpoint = endpointOf.get(sighting);
    invariant(endpoint !== undefined, 'a sighting is of the endpoint that saw it');
    await addFinding(trx, sighting, { endpoint, state, steps: stepsOf(sighting), at });
  }
  for (const { finding, sighting, reopens } of weighed.seen) {
    const endpoint = endpointOf.get(sighting) ?? finding.endpoint;
    await touchFinding(trx, finding.id, { sighting, endpoint, steps: stepsOf(sighting), reopens, at });
  }
  await closeFindings(
    trx,
    weighed.gone.map(({ id }) => id),
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

/**
 * Everything that may be at a place: of all endpoints there, for a server may be a source and a sink; and of those that could
 * not be reached, for they may be there too.
 */
function registerAt(
  place: string,
  observations: readonly Observation[],
  routes: readonly RouteRef[],
): Register {
  const there = observations.filter(({ places }) => places.length === 0 || places.includes(place));
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
