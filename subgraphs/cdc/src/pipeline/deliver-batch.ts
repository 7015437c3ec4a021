import { formatLsn, type Lsn } from '@spine/kernel/lsn';
import { endingWith, inSpan } from '@spine/platform/tracing/active-span';
import type { PendingLeaf } from '../clients/governance.ts';
import { batchId } from '../domain/batch-id.ts';
import type { SourceTransaction } from '../domain/change.ts';
import type { Batch, TableChanges } from '../domain/delivery.ts';
import type { Leaf, LeafDecision } from '../domain/leaf.ts';
import type { Delivery, SinkSession } from '../sink/sink.ts';
import type { SourceIdentity } from '../source/change-source.ts';
import { DataRefused, fromSink } from './faults.ts';
import { groupByTable } from './form-batch.ts';
import type { CurrentPolicy } from './policy-feed.ts';
import type { RouteContext } from './route-context.ts';
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
 * that moved on meanwhile decides anew; data that the sink refuses stops its table and the rest is delivered without it.
 */
export function createBatchDelivery(
  context: RouteContext,
  session: SinkSession,
  identity: SourceIdentity,
  book: TableBook,
): DeliverBatch {
  const { route, sinkEndpoint, sourceEndpoint, progress, signal, policyFeed } = context;

  const deliverBatch: DeliverBatch = async (start, transactions, pending) => {
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
    for (;;) {
      const current = await policyFeed.current(signal, progress.hold);
      progress.resume();
      const { tables, decisions, rows } = await inSpan('cdc.bind', () =>
        decideTables(transactions, current, book),
      );
      const batch: Batch = { id, route: route.name, start, end, tables, changeCount: rows };
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
        await stopRefused(batch, error);
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
    if (batch.tables.length === 0) {
      const recorded = await recording;
      progress.resume();
      if (recorded === 'stale') return 'stale';
      await fromSink(session.advance(batch.end));
      return 'committed';
    }
    recording.catch(() => undefined);
    let delivery: Delivery | null = await inSpan('cdc.deliver', () => fromSink(session.deliver(batch)));
    if (!(await settlesWithin(recording, holdOpenMs, context))) {
      await fromSink(delivery.rollback());
      delivery = null;
    }
    let recorded: 'recorded' | 'stale';
    try {
      recorded = await recording;
    } catch (error) {
      await delivery?.rollback();
      throw error;
    }
    progress.resume();
    if (recorded === 'stale') {
      await delivery?.rollback();
      return 'stale';
    }
    const applied = delivery ?? (await inSpan('cdc.deliver', () => fromSink(session.deliver(batch))));
    await inSpan('cdc.checkpoint', () => fromSink(applied.commit()));
    return 'committed';
  }

  /** Finds the tables whose rows the sink refuses by applying each alone and taking it back, and stops those. */
  async function stopRefused(batch: Batch, refusal: DataRefused): Promise<void> {
    const refused: { readonly table: TableChanges; readonly error: DataRefused }[] = [];
    for (const table of batch.tables) {
      try {
        const probe = await fromSink(session.deliver({ ...batch, tables: [table] }));
        await fromSink(probe.rollback());
      } catch (error) {
        if (!(error instanceof DataRefused)) throw error;
        refused.push({ table, error });
      }
    }
    if (refused.length === 0) throw refusal;
    for (const { table, error } of refused) {
      await book.stop(table.table.relation, `the sink refused its rows (SQLSTATE ${error.sqlState})`);
    }
  }
}

async function decideTables(
  transactions: readonly SourceTransaction[],
  current: CurrentPolicy,
  book: TableBook,
): Promise<{ tables: TableChanges[]; decisions: LeafDecision[]; rows: number }> {
  const tables: TableChanges[] = [];
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
  let rows = 0;
  for (const { relation, changes } of groupByTable(transactions, book.startOf)) {
    const treatment = await book.treat(relation, current);
    switch (treatment.kind) {
      case 'leave':
        break;
      case 'withhold':
        decide({ ...treatment.decision, rowsWithheld: changes.length });
        break;
      case 'deliver':
        tables.push({ table: treatment.table, changes });
        decide({ ...treatment.decision, rows: changes.length });
        rows += changes.length;
        break;
    }
  }
  return { tables, decisions: [...decided.values()], rows };
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
