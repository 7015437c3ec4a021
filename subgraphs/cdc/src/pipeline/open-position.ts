import type { Lsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import type { SinkSession } from '../sink/sink.ts';
import { type BootFacts, checkBoot } from '../source/boot-checks.ts';
import type { ExportedSnapshot, SourceIdentity } from '../source/change-source.ts';
import { fromSink, fromSource } from './faults.ts';
import type { RouteContext } from './route-context.ts';

export interface Position {
  /** Where the stream starts: the checkpoint, or the consistent point of a new slot. */
  readonly from: Lsn;
  /** The snapshot of a slot made just now; tables are copied under it. */
  readonly snapshot: ExportedSnapshot | null;
}

/** Finds where the route goes on. On its first start (or when it starts anew on purpose) makes the slot and the checkpoint. */
export async function openPosition(
  context: RouteContext,
  session: SinkSession,
  identity: SourceIdentity,
): Promise<Position> {
  const { source, memory } = context;
  const slot = await fromSource(source.findSlot());
  if (session.checkpoint !== null && !(await memory.startsAnew())) {
    const { checkpoint } = session;
    if (await stillFits(context, { identity, slot, checkpoint, route: context.route.name })) {
      if (identity.timeline !== checkpoint.timeline) {
        // Proven to continue it, and only now: once more is delivered it lies beyond the point where the timelines part.
        await fromSink(session.followTimeline?.(identity.timeline) ?? Promise.resolve());
        context.log.warn({
          event: 'source.promoted',
          route: context.route.name,
          timeline: identity.timeline,
          former: checkpoint.timeline,
        });
      }
      context.progress.checkpointAt(checkpoint.lsn, checkpoint.updatedAt);
      return { from: checkpoint.lsn, snapshot: null };
    }
  }
  if (slot !== null) await fromSource(source.dropSlot());
  const snapshot = await fromSource(source.createSlot());
  for (const table of session.tables) await fromSink(session.forgetTable(table.schema, table.table));
  await fromSink(
    session.initialise({
      lsn: snapshot.consistentPoint,
      systemId: identity.systemId,
      timeline: identity.timeline,
      slot: context.slotName,
    }),
  );
  await memory.setStartsAnew(false);
  context.progress.checkpointAt(snapshot.consistentPoint, context.clock.now());
  return { from: snapshot.consistentPoint, snapshot };
}

/**
 * Whether the stream can go on at the checkpoint. Throws when it cannot; when only the slot is lost and the route is allowed to copy
 * its tables again by itself, remembers that it starts anew and answers false. A slot of another make is somebody else's.
 */
async function stillFits(context: RouteContext, facts: BootFacts): Promise<boolean> {
  const { route, memory, progress, log } = context;
  try {
    checkBoot(facts);
    return true;
  } catch (error) {
    const lost = error instanceof Problem && error.code === 'SLOT_LOST';
    const ours = facts.slot === null || facts.slot.plugin === 'pgoutput';
    if (!lost || !ours || route.slotLost !== 'resnapshot') throw error;
    log.warn({ event: 'route.resnapshot', route: route.name, reason: error.message });
    progress.enter('resnapshot_required', error.message);
    await memory.setStartsAnew(true);
    return false;
  }
}
