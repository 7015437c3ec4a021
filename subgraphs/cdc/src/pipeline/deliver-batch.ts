import { formatLsn, type Lsn } from '@spine/kernel/lsn';
import { endingWith, inSpan } from '@spine/platform/tracing/active-span';
import type { PendingLeaf } from '../clients/governance.ts';
import { batchId } from '../domain/batch-id.ts';
import type { Change, SourceTransaction } from '../domain/change.ts';
import type { Batch, TableChanges } from '../domain/delivery.ts';
import type { Leaf, LeafDecision } from '../domain/leaf.ts';
import type { Relation } from '../domain/relation.ts';
import type { Delivery, SinkSession } from '../sink/sink.ts';
import type { SourceIdentity } from '../source/change-source.ts';
import { DataRefused, fromSink } from './faults.ts';
import { groupByTable } from './form-batch.ts';
import { isolateRefused } from './isolate-refused.ts';
import { leftTheStream, type Parking } from './park-changes.ts';
import type { CurrentPolicy } from './policy-feed.ts';
import type { RouteContext } from './route-context.ts';
import { loadSpooled, partsOf, spooledTables } from './spooled-parts.ts';
import type { TableBook } from './table-book.ts';

/** While the ledger is silent for longer than this, the sink transaction is given back and applied again later. */
const holdOpenMs = 2_000;

/** Delivers the transactions as one batch that begins at `start`; answers the new checkpoint. */
export type DeliverBatch = (
  start: Lsn,
  transactions: readonly SourceTransaction[],
  pending?: PendingLeaf,
) => Promise<Lsn>;

/**
 * One batch: bind and decide each table, apply at the sink while the leaf is written, commit when both have answered. A matrix
 * that moved on meanwhile decides anew; rows that the sink refuses are set aside with what follows on their keys, or stop their
 * table when that cannot help, and the rest is delivered without them.
 */
export function createBatchDelivery(
  context: RouteContext,
  session: SinkSession,
  identity: SourceIdentity,
  book: TableBook,
  parking: Parking,
): DeliverBatch {
  const { route, sinkEndpoint, sourceEndpoint, progress, signal, policyFeed } = context;

  const deliverBatch: DeliverBatch = async (start, given, pending) => {
    let transactions = given;
    const end = transactions.at(-1)?.endLsn ?? start;
    const id = batchId({
      route: route.name,
      sink: sinkEndpoint.name,
      systemId: identity.systemId,
      start,
      end,
    });
    // The matrix under which a leaf of this batch already stands: deciding under another one supersedes it.
    let recordedUnder = pending?.batchId === id ? pending.matrixDigest : null;
    const refused = new Map<Change, string>();
    // Changes on disk are looked at one by one only where some of them may have to wait.
    const inParts =
      session.takesParts === true && !spooledTables(given).some((table) => parking.holds(table));
    if (!inParts) transactions = await loadSpooled(given);
    for (;;) {
      const current = await policyFeed.current(signal, progress.hold);
      progress.resume();
      const { tables, decisions, absent, spooled } = await inSpan('cdc.bind', () =>
        decideTables(transactions, current, book),
      );
      context.pass('decided');
      for (const relation of absent) await parking.supersede(relation, leftTheStream);
      const sorted = await parking.sort(tables, transactions, refused);
      const { stopAt, keysPerBatch } = parking.limits;
      if (sorted.parked.length > 0 && parking.countWith(sorted, transactions) > stopAt) {
        for (const { table } of sorted.parked) {
          await book.stop(table.relation, `the route would hold more than ${stopAt} dead letters`);
        }
        continue;
      }
      await parking.park(sorted, transactions);
      if (sorted.parked.length > 0) context.pass('parked');
      // A dead letter is decided with its batch, and counted at the sink when it is there.
      const rows = sorted.flowing.reduce((sum, { changes }) => sum + changes.length, spooled);
      const batch: Batch = {
        id,
        route: route.name,
        start,
        end,
        ...(partsOf(transactions, sorted.flowing, book.startOf) ?? { tables: sorted.flowing }),
        changeCount: rows,
        transactions,
        matrixVersion: current.version,
      };
      if (decisions.length === 0) {
        await fromSink(session.advance(end));
        progress.checkpointAt(end, context.clock.now());
        return end;
      }
      const leaf: Leaf = {
        batchId: id,
        kind: 'batch',
        ...(recordedUnder !== null && recordedUnder !== current.digest && { supersedes: id }),
        route: route.name,
        source: sourceEndpoint.name,
        sink: sinkEndpoint.name,
        systemId: identity.systemId,
        start: formatLsn(start),
        end: formatLsn(end),
        matrixVersion: current.version,
        matrixDigest: current.digest,
        decidedAt: context.clock.now().toISOString(),
        decisions,
      };
      try {
        if ((await applyUnderLeaf(batch, leaf)) === 'stale') {
          await policyFeed.refresh();
          continue;
        }
      } catch (error) {
        recordedUnder = current.digest;
        if (!(error instanceof DataRefused)) throw error;
        if (batch.parts !== undefined) {
          // One of them may have to be set aside, which needs all of them in hand.
          transactions = await loadSpooled(transactions);
          continue;
        }
        const isolated = await isolateRefused(
          { context, session, book, maxKeys: keysPerBatch },
          batch,
          error,
        );
        for (const [change, sqlState] of isolated) refused.set(change, sqlState);
        continue;
      }
      progress.delivered(transactions, rows, end);
      return end;
    }
  };

  // A span for each batch; bind, gate, deliver and checkpoint are its children, and so is what they ask of others.
  return async (start, transactions, pending) => {
    const attributes = {
      'spine.route': route.name,
      'spine.sink': sinkEndpoint.name,
      'spine.transactions': transactions.length,
    };
    const span = context.tracing.start('cdc.batch', { attributes });
    return await endingWith(span, () => deliverBatch(start, transactions, pending));
  };

  async function applyUnderLeaf(batch: Batch, leaf: Leaf): Promise<'committed' | 'stale'> {
    const recording = inSpan('cdc.gate', () => context.leaves.append(leaf, signal, progress.hold));
    recording.catch(() => undefined);
    let delivery: Delivery | null = null;
    if (batch.tables.length > 0 && session.leafFirst !== true) {
      delivery = await applied(batch);
      if (!(await settlesWithin(recording, holdOpenMs, context))) {
        await fromSink(delivery.rollback());
        delivery = null;
      }
    }
    let recorded: 'recorded' | 'stale';
    try {
      recorded = await recording;
    } catch (error) {
      await delivery?.rollback();
      throw error;
    }
    progress.resume();
    context.pass('recorded');
    if (recorded === 'stale') {
      await delivery?.rollback();
      return 'stale';
    }
    if (batch.tables.length === 0) {
      await fromSink(session.advance(batch.end));
      return 'committed';
    }
    const { commit } = delivery ?? (await applied(batch));
    await inSpan('cdc.checkpoint', () => fromSink(commit()));
    return 'committed';
  }

  async function applied(batch: Batch): Promise<Delivery> {
    const delivery = await inSpan('cdc.deliver', () => fromSink(session.deliver(batch)));
    context.pass('applied');
    return delivery;
  }
}

async function decideTables(
  transactions: readonly SourceTransaction[],
  current: CurrentPolicy,
  book: TableBook,
): Promise<{ tables: TableChanges[]; decisions: LeafDecision[]; absent: Relation[]; spooled: number }> {
  const tables: TableChanges[] = [];
  /** Changes of these tables that lie on disk. */
  let spooled = 0;
  /** Tables whose changes go nowhere. */
  const absent: Relation[] = [];
  const decided = new Map<string, LeafDecision>();
  const decide = (decision: LeafDecision) => {
    // A table that changed its shape inside one transaction has two runs and still one decision.
    const before = decided.get(decision.logicalName);
    decided.set(decision.logicalName, {
      ...decision,
      rows: decision.rows + (before?.rows ?? 0),
      rowsWithheld: decision.rowsWithheld + (before?.rowsWithheld ?? 0),
    });
  };
  for (const { relation, changes, spooled: more } of groupByTable(transactions, book.startOf)) {
    const count = changes.length + more;
    const treatment = await book.treat(relation, current);
    switch (treatment.kind) {
      case 'leave':
        absent.push(relation);
        break;
      case 'withhold':
        absent.push(relation);
        decide({ ...treatment.decision, rowsWithheld: count });
        break;
      case 'deliver':
        tables.push({ table: treatment.table, changes });
        decide({ ...treatment.decision, rows: count });
        spooled += more;
        break;
    }
  }
  return { tables, decisions: [...decided.values()], absent, spooled };
}

async function settlesWithin(
  work: Promise<unknown>,
  ms: number,
  context: Pick<RouteContext, 'clock'>,
): Promise<boolean> {
  const waiting = new AbortController();
  const late = context.clock.sleep(ms, waiting.signal).then(
    () => false,
    () => true,
  );
  const settled = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, late]);
  waiting.abort();
  return inTime;
}
