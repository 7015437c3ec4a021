import { Problem } from '@spine/kernel/problem';
import { kafkaAccess } from '../clients/kafka-access.ts';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';
import type { Observation } from '../scanner/observation.ts';
import { observeKafka } from '../scanner/observe-kafka.ts';
import { observePostgres } from '../scanner/observe-postgres.ts';
import { codeOf } from '../source/server-error.ts';
import { listRoutes } from '../store/routes.ts';
import { findScanByKey, type Scan } from '../store/scans.ts';
import { listWatchedEndpoints } from '../store/watched-endpoints.ts';
import { quarantineFindings } from './quarantine-findings.ts';
import { type RecordDeps, type RouteRef, recordScan, type ScanRequest } from './record-scan.ts';

export interface ScanDeps extends RecordDeps {
  readonly resolver: ReferenceResolver;
}

/** Scans, one after the other in a process; remembers what was registered at the scan before. */
export interface Scanner {
  scan(request?: ScanRequest): Promise<Scan>;
}

/** Nothing is looked at before it is asked. */
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
    const scan = await recordScan(deps, { observations, routes, startedAt, request });
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

async function observe({ resolver }: ScanDeps, endpoint: WatchedEndpoint): Promise<Observation> {
  try {
    switch (endpoint.type) {
      case 'postgres':
        return await observePostgres(endpoint, resolver.url(endpoint.url));
      case 'kafka':
        return await observeKafka(endpoint, kafkaAccess(endpoint, resolver));
      default:
        throw new Problem('NOT_SUPPORTED', `what reads a ${endpoint.type} is not looked for`);
    }
  } catch (error) {
    const reason = error instanceof Problem ? error.message : `no connection${codeOf(error)}`;
    const unobserved = [{ kind: null, reason }];
    const role = expectedRole(endpoint, resolver);
    return { endpoint, places: [], role, sightings: [], observed: [], unobserved };
  }
}

/** As whom we would have come to a Postgres: what is ours there stays ours while we cannot reach it. */
function expectedRole({ type, url }: WatchedEndpoint, resolver: ReferenceResolver): string | null {
  try {
    return type === 'postgres' ? decodeURIComponent(new URL(resolver.url(url)).username) : null;
  } catch {
    return null;
  }
}
