import type { Lsn } from '@spine/kernel/lsn';
import type { ReplayedTable, ReplayRequest } from '../domain/dead-letter-box.ts';
import { groupLetters } from '../domain/dead-letter-groups.ts';
import { tableKey } from '../domain/relation.ts';
import { createLetterDelivery, type LetterGroup, type ReplayDeps } from './deliver-letters.ts';
import { DataRefused } from './faults.ts';
import { createReplayReport } from './replay-report.ts';

/** How often the store is asked whether somebody wants a replay. */
const lookMs = 1_000;
/** Dead letters of one sink transaction; those of one key are never parted. */
const lettersAtOnce = 500;

/** Looks for replays between two batches, and carries them out. `checkpoint` is what the sink has just now. */
export function watchReplays(deps: ReplayDeps): { look(checkpoint: Lsn): Promise<void> } {
  const { deadLetters: box, clock, log, route } = deps.context;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    async look(checkpoint) {
      const now = clock.now().getTime();
      if (now - lookedAt < lookMs) return;
      lookedAt = now;
      // A store that does not answer now is asked again later; the stream does not wait for it.
      const request = await box.nextReplay().catch((error: unknown) => {
        log.warn({ event: 'replays.not_read', err: error });
        return null;
      });
      if (request === null) return;
      const tables = await replayLetters(deps, request, checkpoint);
      await box.finishReplay(request.id, tables);
      log.info({ event: 'dead_letters.replayed', route: route.name, replay: String(request.id), tables });
    },
  };
}

/**
 * Delivers dead letters again under the policy that holds now, in the order of their positions. What the sink refuses stays, and is
 * tried again for as long as others get through: it may have waited for their rows.
 */
export async function replayLetters(
  deps: ReplayDeps,
  request: ReplayRequest,
  checkpoint: Lsn,
): Promise<readonly ReplayedTable[]> {
  const { session, parking, context } = deps;
  const report = createReplayReport();
  // What the checkpoint has not passed comes with its own batch once more.
  const letters = parking
    .waiting()
    .filter(({ commitLsn }) => commitLsn < checkpoint)
    .filter((letter) => request.tables.length === 0 || request.tables.includes(tableKey(letter)));
  if (session.replays === undefined) {
    report.refused(letters, 'this kind of sink takes no replay; copy the table again');
    return report.tables();
  }
  const deliver = createLetterDelivery(deps, { request, checkpoint, report, replays: session.replays });

  let waiting = groupLetters(letters);
  for (;;) {
    const refused: { readonly group: LetterGroup; readonly sqlState: string }[] = [];
    for (const part of partition(waiting)) refused.push(...(await drain(part)));
    if (request.dryRun || refused.length === 0 || refused.length === waiting.length) {
      for (const { group, sqlState } of refused) {
        report.refused(group, `the sink refuses it (SQLSTATE ${sqlState})`);
      }
      return report.tables();
    }
    waiting = refused.map(({ group }) => group);
  }

  /** Delivers the groups together; when the sink refuses, in halves. Answers those that are refused alone. */
  async function drain(part: readonly LetterGroup[]) {
    const refused: { readonly group: LetterGroup; readonly sqlState: string }[] = [];
    const open: (readonly LetterGroup[])[] = [part];
    for (let groups = open.pop(); groups !== undefined; groups = open.pop()) {
      context.signal.throwIfAborted();
      try {
        await deliver(groups);
      } catch (error) {
        if (!(error instanceof DataRefused)) throw error;
        const [first] = groups;
        if (groups.length > 1) {
          const half = groups.length >> 1;
          open.push(groups.slice(half), groups.slice(0, half));
        } else if (first !== undefined) {
          refused.push({ group: first, sqlState: error.sqlState });
        }
      }
    }
    return refused;
  }
}

/** Runs of groups with at most so many letters each, or one group. */
function partition(groups: readonly LetterGroup[]): readonly (readonly LetterGroup[])[] {
  const parts: LetterGroup[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    if (size + group.length > lettersAtOnce) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(group);
    size += group.length;
  }
  return parts;
}
