import { formatLsn, type Lsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import type { SlotState, SourceIdentity } from './change-source.ts';

export interface BootFacts {
  readonly route: string;
  readonly identity: SourceIdentity;
  /** Null: the source has no slot of this name. */
  readonly slot: SlotState | null;
  /** What the sink recorded. */
  readonly checkpoint: {
    readonly lsn: Lsn;
    readonly systemId: string;
    readonly timeline: number;
    readonly slot: string;
  };
}

const anew = 'Run `spine apply` to make the slot anew and copy every table again.';

/**
 * Whether the stream can go on at the checkpoint with nothing missing in between. Postgres itself would go on silently in
 * most of these cases, so each is a Problem that stops the route: SOURCE_CHANGED or SLOT_LOST.
 */
export function checkBoot({ route, identity, slot, checkpoint }: BootFacts): void {
  checkServer(route, identity, checkpoint);
  checkTimeline(route, identity, checkpoint);
  const { flushPosition } = identity;
  if (checkpoint.lsn > flushPosition) {
    throw new Problem(
      'SOURCE_CHANGED',
      `route ${route}: the source is at ${formatLsn(flushPosition)}, behind the checkpoint ${formatLsn(checkpoint.lsn)}: it went back in time`,
      { fix: `It was restored from a backup or lost commits in a failover. ${anew}` },
    );
  }
  checkSlot(route, slot, checkpoint);
}

function checkServer(route: string, { systemId }: SourceIdentity, checkpoint: BootFacts['checkpoint']): void {
  if (systemId === checkpoint.systemId) return;
  throw new Problem(
    'SOURCE_CHANGED',
    `route ${route}: the source is the cluster ${systemId}, the checkpoint belongs to ${checkpoint.systemId}`,
    { fix: `Point the source at its former cluster, or accept the new one. ${anew}` },
  );
}

function checkTimeline(route: string, identity: SourceIdentity, checkpoint: BootFacts['checkpoint']): void {
  if (identity.timeline === checkpoint.timeline) return;
  const left = identity.timelineSwitches?.find((change) => change.timeline === checkpoint.timeline);
  if (left !== undefined && left.at >= checkpoint.lsn) return;
  throw new Problem(
    'SOURCE_CHANGED',
    `route ${route}: the source is on timeline ${identity.timeline}, which does not continue the checkpoint ${formatLsn(checkpoint.lsn)} of timeline ${checkpoint.timeline}`,
    { fix: `The server that was promoted did not have all that was delivered. ${anew}` },
  );
}

function checkSlot(route: string, slot: SlotState | null, checkpoint: BootFacts['checkpoint']): void {
  if (slot === null) {
    throw new Problem('SLOT_LOST', `route ${route}: the source has no slot ${checkpoint.slot}`, {
      fix: anew,
    });
  }
  if (slot.name !== checkpoint.slot) {
    throw new Problem(
      'SLOT_LOST',
      `route ${route}: the checkpoint belongs to the slot ${checkpoint.slot}, not to ${slot.name}`,
      { fix: anew },
    );
  }
  if (slot.plugin !== 'pgoutput') {
    throw new Problem(
      'SLOT_LOST',
      `route ${route}: the slot ${slot.name} is not a logical slot of pgoutput`,
      {
        fix: `Drop it at the source: select pg_drop_replication_slot('${slot.name}'). ${anew}`,
      },
    );
  }
  if (slot.invalidationReason !== null || slot.walStatus === 'lost') {
    throw new Problem(
      'SLOT_LOST',
      `route ${route}: the source has invalidated the slot ${slot.name} (${slot.invalidationReason ?? 'WAL removed'})`,
      {
        fix: `Raise max_slot_wal_keep_size if the route may lag that far. ${anew}`,
      },
    );
  }
  // START_REPLICATION behind the confirmed position is moved forward silently: rows are lost with no error.
  if (slot.confirmedFlush === null || slot.confirmedFlush > checkpoint.lsn) {
    const confirmed = slot.confirmedFlush === null ? 'nothing' : formatLsn(slot.confirmedFlush);
    throw new Problem(
      'SLOT_LOST',
      `route ${route}: the slot ${slot.name} has confirmed ${confirmed}, beyond the checkpoint ${formatLsn(checkpoint.lsn)}: what lies between is gone`,
      { fix: `The slot was made anew or advanced by another reader, or the sink was restored. ${anew}` },
    );
  }
}
