import { invariant } from '@spine/kernel/invariant';
import type { Route } from '../domain/endpoint.ts';
import { publicationName, slotName } from '../domain/route-names.ts';
import type { RouteProgress } from '../pipeline/route-progress.ts';
import type { ChangeSource } from '../source/change-source.ts';
import { findPrimary } from '../source/find-primary.ts';
import { createPostgresSource } from '../source/postgres-source.ts';
import { listSources } from '../store/endpoints.ts';
import { saveStartsAnew } from '../store/route-status.ts';
import { guardSlot } from './guard-slot.ts';
import type { OpenRouteDeps } from './open-route.ts';
import { sourceAddresses } from './source-addresses.ts';

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
  const addresses = sourceAddresses(resolver, endpoint, route.name);
  const opened = new Map<string, ChangeSource>();

  /** The source where it takes writes now: that may be another server than at the last look. */
  async function sourceNow(): Promise<ChangeSource> {
    const { url } = await findPrimary(addresses);
    const known = opened.get(url);
    if (known !== undefined) return known;
    const source = createPostgresSource({
      url,
      route: route.name,
      slotName: slotName(route.name),
      publicationName: publicationName(route.name),
      log,
      clock,
      heartbeatMs: 0,
    });
    opened.set(url, source);
    return source;
  }

  try {
    await guardSlot({
      route,
      async slotHealth() {
        const { slotHealth } = await sourceNow();
        invariant(slotHealth !== undefined, 'a Postgres source has a slot');
        return await slotHealth();
      },
      async giveUpSlot() {
        const { giveUpSlot } = await sourceNow();
        invariant(giveUpSlot !== undefined, 'a Postgres source has a slot');
        await giveUpSlot();
      },
      memory: { setStartsAnew: (value) => saveStartsAnew(database.kysely, route.name, value) },
      progress,
      clock,
      log,
      signal,
    });
  } finally {
    for (const source of opened.values()) await source.close();
  }
}
