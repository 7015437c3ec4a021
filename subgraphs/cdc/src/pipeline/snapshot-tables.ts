import { formatLsn, lsnZero } from '@spine/kernel/lsn';
import { snapshotBatchId } from '../domain/batch-id.ts';
import { tableKey } from '../domain/relation.ts';
import type { SinkSession } from '../sink/sink.ts';
import type { ExportedSnapshot, SourceIdentity } from '../source/change-source.ts';
import type { AdmittedTable } from './admit-table.ts';
import { fromSink, fromSource } from './faults.ts';
import type { CurrentPolicy } from './policy-feed.ts';
import { RestartRoute, type RouteContext } from './route-context.ts';
import { shapeOf } from './table-shape.ts';

export interface SnapshotInput {
  readonly session: SinkSession;
  readonly identity: SourceIdentity;
  readonly current: CurrentPolicy;
  readonly snapshot: ExportedSnapshot;
  readonly tables: readonly (AdmittedTable & { readonly estimatedRows: number })[];
}

/**
 * Copies tables under one exported snapshot, each in one sink transaction with its leaf written before the commit. A crash
 * loses at most the table under way; tables that stand complete at the sink are not copied again.
 */
export async function snapshotTables(context: RouteContext, input: SnapshotInput): Promise<void> {
  const { session, snapshot, identity, current } = input;
  context.progress.enter('snapshotting');
  for (const table of input.tables) {
    const { relation, delivered } = table;
    if (delivered === null) continue;
    context.signal.throwIfAborted();
    const save = (state: 'snapshotting' | 'streaming', rowsCopied: number) =>
      context.memory.saveTable(relation.schema, relation.table, {
        state,
        rowsCopied,
        rowsEstimated: Math.max(table.estimatedRows, rowsCopied),
        contractVersion: table.contract.version,
        shape: shapeOf(delivered),
        // By now the sink has forgotten the earlier copy.
        recopy: false,
      });
    await save('snapshotting', 0);
    await fromSink(session.prepareTable(delivered));

    context.pass('copying');
    const startedAt = context.clock.now().getTime();
    let savedAt = startedAt;
    const stream = await fromSource(context.source.copyTable(relation, snapshot.name, context.signal));
    const batchId = snapshotBatchId({
      route: context.route.name,
      sink: context.sinkEndpoint.name,
      systemId: identity.systemId,
      table: tableKey(relation),
      start: snapshot.consistentPoint,
    });
    const { rows: copiedRows } = await fromSink(
      session.copyTable({
        table: delivered,
        decision: { batchId, matrixVersion: current.version },
        startLsn: snapshot.consistentPoint,
        rows: stream,
        signal: context.signal,
        onProgress(copied) {
          const now = context.clock.now().getTime();
          if (now - savedAt < 500) return;
          savedAt = now;
          void save('snapshotting', copied).catch((error: unknown) =>
            context.log.warn({ event: 'progress.unsaved', err: error }),
          );
        },
        async beforeCommit(copied) {
          const recorded = await context.leaves.append(
            {
              batchId,
              kind: 'snapshot',
              route: context.route.name,
              source: context.sourceEndpoint.name,
              sink: context.sinkEndpoint.name,
              systemId: identity.systemId,
              start: formatLsn(lsnZero),
              end: formatLsn(snapshot.consistentPoint),
              matrixVersion: current.version,
              matrixDigest: current.digest,
              decidedAt: context.clock.now().toISOString(),
              decisions: [{ ...table.decision, rows: copied }],
            },
            context.signal,
            context.progress.hold,
          );
          context.progress.resume();
          context.pass('copied');
          if (recorded === 'stale') throw new RestartRoute('the matrix changed while a table was copied');
        },
      }),
    );
    const rows = Number(copiedRows);
    await save('streaming', rows);
    const seconds = (context.clock.now().getTime() - startedAt) / 1000;
    context.log.info({
      event: 'snapshot.table_copied',
      route: context.route.name,
      table: tableKey(relation),
      rows,
      seconds,
      rowsPerSecond: Math.round(rows / Math.max(seconds, 0.001)),
    });
  }
}
