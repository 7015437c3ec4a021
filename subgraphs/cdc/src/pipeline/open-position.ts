import type { Lsn } from '@spine/kernel/lsn';
import type { SinkSession } from '../sink/sink.ts';
import { checkBoot } from '../source/boot-checks.ts';
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
    checkBoot({ identity, slot, checkpoint: session.checkpoint, route: context.route.name });
    context.progress.checkpointAt(session.checkpoint.lsn, session.checkpoint.updatedAt);
    return { from: session.checkpoint.lsn, snapshot: null };
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
