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
  const flights = new Map<string, Flight>();

  function depart(key: string, request: SubgraphRequest): Flight {
    const leaving = new AbortController();
    const flight: Flight = { seats: new Set(), leaving };
    flights.set(key, flight);
    const landed = (): void => {
      // Another may have departed under this key after everyone had left this one.
      if (flights.get(key) === flight) flights.delete(key);
    };
    link.execute(request, leaving.signal).then(
      (result) => {
        landed();
        // All copies are made before anyone may change the one that came.
        let handed = 0;
        const last = flight.seats.size;
        for (const seat of flight.seats) {
          handed += 1;
          seat.resolve(handed === last ? result : ownResult(result));
        }
      },
      (error: unknown) => {
        landed();
        for (const seat of flight.seats) seat.reject(error);
      },
    );
    return flight;
  }

  function leave(key: string, flight: Flight, seat: Seat, reason: unknown): void {
    flight.seats.delete(seat);
    seat.reject(reason);
    if (flight.seats.size > 0) return;
    if (flights.get(key) === flight) flights.delete(key);
    flight.leaving.abort(reason);
  }

  return {
    ...link,
    async execute(request, signal) {
      if (!isQuery(request.query)) return await link.execute(request, signal);
      signal.throwIfAborted();
      const key = keyOf(request);
      const known = flights.get(key);
      if (known !== undefined) onShared();
      const flight = known ?? depart(key, request);
      return await new Promise<SubgraphResult>((resolve, reject) => {
        const onAbort = (): void => leave(key, flight, seat, signal.reason);
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
  readonly seats: Set<Seat>;
  readonly leaving: AbortController;
}

/** One who waits for the answer. */
interface Seat {
  readonly resolve: (result: SubgraphResult) => void;
  readonly reject: (error: unknown) => void;
}

function keyOf(request: SubgraphRequest): string {
  const headers = request.headers === undefined ? '' : JSON.stringify(request.headers);
  return `${encodeClaims(claimsOf(request.principal))}\n${headers}\n${bodyOf(request)}`;
}

function ownResult({ data, errors }: SubgraphResult): SubgraphResult {
  return {
    ...(data !== undefined && { data: ownTree(data) }),
    ...(errors !== undefined && { errors: ownTree(errors) }),
  };
}
