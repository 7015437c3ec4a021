import type { Lsn } from '@spine/kernel/lsn';
import { tableKey } from '../domain/relation.ts';
import type { SinkSession } from '../sink/sink.ts';
import type { SourceIdentity } from '../source/change-source.ts';
import type { Admission, OpenTable } from './admit-tables.ts';
import { fromSink, fromSource } from './faults.ts';
import type { Position } from './open-position.ts';
import type { RouteContext } from './route-context.ts';
import { snapshotTables } from './snapshot-tables.ts';
import { shapeOf } from './table-shape.ts';

/**
 * Copies the tables that do not stand complete at the sink and brings the others to their present shape. Answers from which
 * position each open table is streamed.
 */
export async function copyMissingTables(
  context: RouteContext,
  input: {
    readonly session: SinkSession;
    readonly identity: SourceIdentity;
    readonly admission: Admission;
    readonly position: Position;
  },
): Promise<ReadonlyMap<string, Lsn>> {
  const { session, admission, position } = input;
  const complete = new Map(
    position.snapshot === null ? session.tables.map((table) => [tableKey(table), table.startLsn]) : [],
  );
  const missing: OpenTable[] = [];
  for (const table of admission.open) {
    const { schema, table: name } = table.relation;
    const key = tableKey(table.relation);
    if (complete.has(key) && !table.mustCopy && table.delivered !== null) {
      await fromSink(session.prepareTable(table.delivered));
      await context.memory.saveTable(schema, name, {
        state: table.diverged ? 'diverged' : 'streaming',
        contractVersion: table.contract.version,
        shape: shapeOf(table.delivered),
      });
      continue;
    }
    if (complete.delete(key)) await fromSink(session.forgetTable(schema, name));
    missing.push(table);
  }
  try {
    if (missing.length === 0) return complete;
    const snapshot = position.snapshot ?? (await fromSource(context.source.exportSnapshot()));
    try {
      await snapshotTables(context, {
        session,
        identity: input.identity,
        current: admission.current,
        snapshot,
        tables: missing.map((table) => ({ ...table, estimatedRows: table.catalog.estimatedRows })),
      });
      for (const table of missing) complete.set(tableKey(table.relation), snapshot.consistentPoint);
      return complete;
    } finally {
      if (snapshot !== position.snapshot) await snapshot.release();
    }
  } finally {
    await position.snapshot?.release();
  }
}
