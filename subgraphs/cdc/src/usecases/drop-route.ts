import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import { publicationName, slotName } from '../domain/route-names.ts';
import { createPostgresSource } from '../source/postgres-source.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { listSources } from '../store/endpoints.ts';
import { findRoute, removeRoute } from '../store/routes.ts';

const workerLeavesMs = 10_000;

/**
 * Takes a route out: its worker lets go, then its slot and publications are dropped, so that no WAL piles up for a reader
 * that will not come back. A source that cannot be reached keeps its slot; the log says what to drop by hand.
 */
export async function dropRoute(
  deps: {
    readonly database: Database<CdcTables>;
    readonly resolver: ReferenceResolver;
    readonly clock: Clock;
    readonly log: Log;
  },
  name: string,
): Promise<void> {
  const { database, clock, log } = deps;
  const db = database.kysely;
  const route = await findRoute(db, name);
  if (route === undefined) return;
  const source = (await listSources(db)).find((known) => known.name === route.source);
  await removeRoute(db, name);
  if (source === undefined) return;
  const slot = slotName(name);
  const changeSource = createPostgresSource({
    url: deps.resolver.url(source.url),
    route: name,
    slotName: slot,
    publicationName: publicationName(name),
    log,
    clock,
    heartbeatMs: 0,
  });
  try {
    const deadline = clock.now().getTime() + workerLeavesMs;
    while ((await changeSource.findSlot())?.active === true && clock.now().getTime() < deadline) {
      await clock.sleep(200);
    }
    await changeSource.dropSlot();
    await changeSource.publish([]);
  } catch (error) {
    log.error({
      event: 'route.slot_left',
      route: name,
      slot,
      err: error,
      fix: `At the source: select pg_drop_replication_slot('${slot}')`,
    });
  } finally {
    await changeSource.close();
  }
}
