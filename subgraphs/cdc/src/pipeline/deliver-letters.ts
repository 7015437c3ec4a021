import { formatLsn, type Lsn } from '@spine/kernel/lsn';
import { replayBatchId } from '../domain/batch-id.ts';
import type { Change } from '../domain/change.ts';
import { letterPlaceText, type OpenLetter, type ReplayRequest } from '../domain/dead-letter-box.ts';
import { decodePayload, shapeDigest } from '../domain/dead-letter-payload.ts';
import type { DeliveredTable } from '../domain/delivery.ts';
import type { LeafDecision } from '../domain/leaf.ts';
import { tableKey } from '../domain/relation.ts';
import type { Delivery, LetterReplays, SinkSession } from '../sink/sink.ts';
import type { SourceIdentity } from '../source/change-source.ts';
import { fromSink } from './faults.ts';
import { leftTheStream, type Parking } from './park-changes.ts';
import type { CurrentPolicy } from './policy-feed.ts';
import type { ReplayReport } from './replay-report.ts';
import type { RouteContext } from './route-context.ts';
import type { TableBook } from './table-book.ts';

export interface ReplayDeps {
  readonly context: RouteContext;
  readonly session: SinkSession;
  readonly identity: SourceIdentity;
  readonly book: TableBook;
  readonly parking: Parking;
}

/** Dead letters that share keys: they go together, in order. */
export type LetterGroup = readonly OpenLetter[];

export interface LetterDeliveryInput {
  readonly request: ReplayRequest;
  readonly checkpoint: Lsn;
  readonly report: ReplayReport;
  readonly replays: LetterReplays;
}

/** A table that may flow, with what was decided on it. */
interface Admitted {
  readonly table: DeliveredTable;
  readonly decision: LeafDecision;
}

/**
 * Delivers groups of dead letters in one sink transaction: rows and marks, then the leaf, then the commit; then they are resolved
 * and their keys flow. A crash between commit and resolution finds the marks, and only resolves. Throws DataRefused when the sink
 * refuses any of them; nothing has changed then. A dry run takes everything back before the leaf.
 */
export function createLetterDelivery(
  { context, identity, book, parking }: ReplayDeps,
  { request, checkpoint, report, replays }: LetterDeliveryInput,
): (groups: readonly LetterGroup[]) => Promise<void> {
  const { deadLetters: box, policyFeed, progress, signal, route } = context;

  return async (groups) => {
    for (;;) {
      const current = await policyFeed.current(signal, progress.hold);
      progress.resume();
      const { letters, tables } = await admit(groups, current);
      if (letters.length === 0) return;
      const marked = new Set((await fromSink(replays.marked(letters))).map(letterPlaceText));
      const fresh = letters.filter((letter) => !marked.has(letterPlaceText(letter)));
      if (fresh.length > 0 && (await apply(fresh, tables, current)) === 'stale') {
        await policyFeed.refresh();
        continue;
      }
      report.delivered(letters);
      if (request.dryRun) return;
      await box.resolve(letters, request.by);
      parking.release(letters);
      await fromSink(replays.unmark(letters));
      return;
    }
  };

  /** Takes out what policy or shape does not let through; what policy denies goes from the store, too. */
  async function admit(groups: readonly LetterGroup[], current: CurrentPolicy) {
    const tables = new Map<string, Admitted>();
    const letters: OpenLetter[] = [];
    for (const group of groups) {
      const [first] = group;
      if (first === undefined) continue;
      const treatment = await book.treatTable(first, current);
      if (treatment.kind !== 'deliver') {
        const denied = treatment.kind === 'withhold';
        report.refused(
          group,
          denied ? `policy denies it: ${treatment.decision.reason}` : 'its table is stopped',
        );
        if (!request.dryRun) await parking.supersede(first, leftTheStream);
        continue;
      }
      const shape = shapeDigest(treatment.table.relation);
      if (group.some((letter) => letter.shape !== shape)) {
        report.refused(group, 'the table has another shape by now; copy it again');
        continue;
      }
      tables.set(tableKey(first), treatment);
      letters.push(...group);
    }
    return { tables, letters };
  }

  async function apply(
    letters: readonly OpenLetter[],
    tables: ReadonlyMap<string, Admitted>,
    current: CurrentPolicy,
  ): Promise<'applied' | 'stale'> {
    const changes = await changesOf(letters, tables);
    const start = letters[0]?.commitLsn ?? checkpoint;
    const batch = {
      id: replayBatchId({
        route: route.name,
        sink: context.sinkEndpoint.name,
        systemId: identity.systemId,
        request: request.id,
        matrixDigest: current.digest,
        places: letters.map(letterPlaceText),
      }),
      route: route.name,
      start,
      end: checkpoint,
      tables: changes.map(({ table, rows }) => ({ table, changes: rows })),
      changeCount: changes.reduce((sum, { rows }) => sum + rows.length, 0),
    };
    const delivery = await fromSink(replays.deliver(batch, letters));
    if (request.dryRun) {
      await fromSink(delivery.rollback());
      return 'applied';
    }
    const recorded = await record(delivery, {
      batchId: batch.id,
      start,
      current,
      decisions: changes.map(({ decision, rows }) => ({ ...decision, rows: rows.length })),
    });
    await fromSink(recorded === 'stale' ? delivery.rollback() : delivery.commit());
    return recorded === 'stale' ? 'stale' : 'applied';
  }

  /** The changes that the letters hold, table by table in the order of their first. */
  async function changesOf(letters: readonly OpenLetter[], tables: ReadonlyMap<string, Admitted>) {
    const found = new Map<string, Admitted & { readonly rows: Change[] }>();
    for (const { payload, ...letter } of await box.read(letters)) {
      const key = tableKey(letter);
      const admitted = tables.get(key);
      if (admitted === undefined) continue;
      const entry = found.get(key) ?? { ...admitted, rows: [] };
      entry.rows.push(decodePayload(admitted.table.relation, payload));
      found.set(key, entry);
    }
    return [...found.values()];
  }

  async function record(
    delivery: Delivery,
    decided: {
      readonly batchId: string;
      readonly start: Lsn;
      readonly current: CurrentPolicy;
      readonly decisions: readonly LeafDecision[];
    },
  ): Promise<'recorded' | 'stale'> {
    const { batchId, start, current, decisions } = decided;
    try {
      const recorded = await context.leaves.append(
        {
          batchId,
          kind: 'replay',
          route: route.name,
          source: context.sourceEndpoint.name,
          sink: context.sinkEndpoint.name,
          systemId: identity.systemId,
          start: formatLsn(start),
          end: formatLsn(checkpoint),
          matrixVersion: current.version,
          matrixDigest: current.digest,
          decidedAt: context.clock.now().toISOString(),
          decisions,
        },
        signal,
        progress.hold,
      );
      progress.resume();
      return recorded;
    } catch (error) {
      await delivery.rollback();
      throw error;
    }
  }
}
