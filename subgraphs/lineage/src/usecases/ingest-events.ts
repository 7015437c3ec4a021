import { appendEvents } from '@spine/platform/stream/append-event';
import type { Kysely } from 'kysely';
import { changeOf } from '../domain/graph-change.ts';
import type { LineageEvent } from '../domain/lineage-event.ts';
import { projectEvents } from '../domain/project-events.ts';
import { appendToLog } from '../store/event-log.ts';
import type { LineageTables } from '../store/lineage-tables.ts';
import { writeProjection } from '../store/write-projection.ts';

/** The stream on which each new event is announced. */
export const changesStream = 'lineageChanges';

/**
 * Stores events and what they say in one transaction, each event once however often it comes. Returns the ids that were new.
 * The graph never runs ahead of the log nor behind it.
 */
export async function ingestEvents(
  db: Kysely<LineageTables>,
  events: readonly LineageEvent[],
): Promise<ReadonlySet<string>> {
  const distinct = [...new Map(events.map((event) => [event.id, event])).values()];
  return await db.transaction().execute(async (trx) => {
    const added = await appendToLog(trx, distinct);
    const fresh = distinct.filter(({ id }) => added.has(id));
    if (fresh.length === 0) return added;
    await writeProjection(trx, projectEvents(fresh));
    await appendEvents(trx, changesStream, fresh.map(changeOf));
    return added;
  });
}
