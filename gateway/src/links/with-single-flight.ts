import { claimsOf, encodeClaims } from '@spine/platform/auth/claims';
import { isQuery } from './is-query.ts';
import { ownTree } from './own-tree.ts';
import { bodyOf } from './request-body.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from './subgraph-link.ts';

/**
 * The same link, which asks once for equal queries that are under way at the same time. Equal are those with the same
 * text, name, variables, forwarded headers and claims: the claims are all that a subgraph knows of who asks, so what two
 * principals see is never mixed. Each gets a tree of its own. One who leaves takes nobody along; the last one ends it.
 */
export function withSingleFlight(link: SubgraphLink, onShared: () => void): SubgraphLink {
  // By the text, whose hash is known: hashing the variables of each would cost more than comparing those under way.
  const flights = new Map<string, Set<Flight>>();

  function depart(request: SubgraphRequest, scope: string): Flight {
    const { query } = request;
    const flight: Flight = { scope, body: bodyOf(request), seats: new Set(), leaving: new AbortController() };
    const beside = flights.get(query);
    if (beside === undefined) flights.set(query, new Set([flight]));
    else beside.add(flight);
    link.execute(request, flight.leaving.signal).then(
      (result) => {
        land(query, flight);
        // All copies are made before anyone may change the one that came.
        let handed = 0;
        const last = flight.seats.size;
        for (const seat of flight.seats) {
          handed += 1;
          seat.resolve(handed === last ? result : ownResult(result));
        }
      },
      (error: unknown) => {
        land(query, flight);
        for (const seat of flight.seats) seat.reject(error);
      },
    );
    return flight;
  }

  /** From now on nobody joins it. */
  function land(query: string, flight: Flight): void {
    const beside = flights.get(query);
    beside?.delete(flight);
    if (beside?.size === 0) flights.delete(query);
  }

  function leave(query: string, flight: Flight, seat: Seat, reason: unknown): void {
    flight.seats.delete(seat);
    seat.reject(reason);
    if (flight.seats.size > 0) return;
    land(query, flight);
    flight.leaving.abort(reason);
  }

  return {
    ...link,
    async execute(request, signal) {
      const { query } = request;
      if (!isQuery(query)) return await link.execute(request, signal);
      signal.throwIfAborted();
      const scope = scopeOf(request);
      const known = equalTo(flights.get(query), scope, request);
      if (known !== undefined) onShared();
      const flight = known ?? depart(request, scope);
      return await new Promise<SubgraphResult>((resolve, reject) => {
        const onAbort = (): void => leave(query, flight, seat, signal.reason);
        const done = (): void => signal.removeEventListener('abort', onAbort);
        const seat: Seat = {
          resolve(result) {
            done();
            resolve(result);
          },
          reject(error) {
            done();
            reject(error);
          },
        };
        flight.seats.add(seat);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}

interface Flight {
  readonly scope: string;
  readonly body: string;
  readonly seats: Set<Seat>;
  readonly leaving: AbortController;
}

/** One who waits for the answer. */
interface Seat {
  readonly resolve: (result: SubgraphResult) => void;
  readonly reject: (error: unknown) => void;
}

function equalTo(
  flights: ReadonlySet<Flight> | undefined,
  scope: string,
  request: SubgraphRequest,
): Flight | undefined {
  if (flights === undefined) return undefined;
  const body = bodyOf(request);
  for (const flight of flights) {
    if (flight.body === body && flight.scope === scope) return flight;
  }
  return undefined;
}

/** What a subgraph may decide on besides the operation: who asks, and the headers that it is sent. */
function scopeOf({ principal, headers }: SubgraphRequest): string {
  const claims = encodeClaims(claimsOf(principal));
  return headers === undefined ? claims : `${claims} ${JSON.stringify(headers)}`;
}

function ownResult({ data, errors }: SubgraphResult): SubgraphResult {
  return {
    ...(data !== undefined && { data: ownTree(data) }),
    ...(errors !== undefined && { errors: ownTree(errors) }),
  };
}
