import { invariant } from '@spine/kernel/invariant';
import type { Route } from '../domain/endpoint.ts';
import { publicationName, slotName } from '../domain/route-names.ts';
import type { RouteProgress } from '../pipeline/route-progress.ts';
import { createPostgresSource } from '../source/postgres-source.ts';
import { listSources } from '../store/endpoints.ts';
import { saveStartsAnew } from '../store/route-status.ts';
import { guardSlot } from './guard-slot.ts';
import type { OpenRouteDeps } from './open-route.ts';

/** Guards the slot of a route over a connection of its own, so that a route that cannot even start is guarded, too. */
export async function guardRoute(
  { database, resolver, clock, log: parent }: Pick<OpenRouteDeps, 'database' | 'resolver' | 'clock' | 'log'>,
  route: Route,
  progress: RouteProgress,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = (await listSources(database.kysely)).find((source) => source.name === route.source);
  // The route itself says that it names no source.
  if (endpoint === undefined) return;
  const log = parent.child({ route: route.name });
  const source = createPostgresSource({
    url: resolver.url(endpoint.url),
    route: route.name,
    slotName: slotName(route.name),
    publicationName: publicationName(route.name),
    log,
    clock,
    heartbeatMs: 0,
  });
  const { slotHealth, giveUpSlot } = source;
  invariant(slotHealth !== undefined && giveUpSlot !== undefined, 'a Postgres source has a slot');
  try {
    await guardSlot({
      route,
      slotHealth,
      giveUpSlot,
      memory: { setStartsAnew: (value) => saveStartsAnew(database.kysely, route.name, value) },
      progress,
      clock,
      log,
      signal,
    });
  } finally {
    await source.close();
  }
}
