import { type Lsn, lsnZero } from '@spine/kernel/lsn';
import type { TableName } from '../domain/dead-letter-box.ts';
import type { DeliveredTable } from '../domain/delivery.ts';
import type { LeafDecision } from '../domain/leaf.ts';
import { type Relation, tableKey } from '../domain/relation.ts';
import type { SinkSession } from '../sink/sink.ts';
import { type AdmittedTable, admitTable } from './admit-table.ts';
import type { Admission } from './admit-tables.ts';
import { fromSink } from './faults.ts';
import type { CurrentPolicy } from './policy-feed.ts';
import { RestartRoute, type RouteContext } from './route-context.ts';
import { shapeOf } from './table-shape.ts';

/** How the changes of one table in one batch are treated. */
export type Treatment =
  | { readonly kind: 'deliver'; readonly table: DeliveredTable; readonly decision: LeafDecision }
  /** Policy denies: nothing is delivered, the rows are counted in the decision. */
  | { readonly kind: 'withhold'; readonly decision: LeafDecision }
  /** Its contract is broken, or the route does not have the table: nothing is delivered, nothing decided. */
  | { readonly kind: 'leave' };

/** What a running route knows of each of its tables. */
export interface TableBook {
  startOf(table: TableName): Lsn;
  treat(relation: Relation, current: CurrentPolicy): Promise<Treatment>;
  /** The same for a table in whatever shape it has by now. */
  treatTable(table: TableName, current: CurrentPolicy): Promise<Treatment>;
  /** Stops one table; the others flow on. It stays so until `spine apply` copies it again. */
  stop(relation: Relation, reason: string): Promise<void>;
}

type Entry =
  | { readonly kind: 'open'; readonly admitted: AdmittedTable; readonly shape: string }
  | { readonly kind: 'withheld'; readonly admitted: AdmittedTable; readonly cutOff: boolean }
  | { readonly kind: 'stopped' };

/** Starts from the admission and follows policy and shapes from there. */
export function createTableBook(
  context: RouteContext,
  admission: Admission,
  started: ReadonlyMap<string, Lsn>,
  session: SinkSession,
): TableBook {
  const entries = new Map<string, Entry>();
  for (const table of admission.open) {
    if (table.delivered === null) continue;
    entries.set(tableKey(table.relation), { kind: 'open', admitted: table, shape: shapeOf(table.delivered) });
  }
  for (const table of admission.withheld) {
    entries.set(
      tableKey(table.relation),
      table.admitted === null || table.state === 'stopped'
        ? { kind: 'stopped' }
        : { kind: 'withheld', admitted: table.admitted, cutOff: table.state === 'cut_off' },
    );
  }

  async function stop(relation: Relation, reason: string): Promise<void> {
    entries.set(tableKey(relation), { kind: 'stopped' });
    await context.memory.saveTable(relation.schema, relation.table, { state: 'stopped', reason });
    context.log.error({
      event: 'table.stopped',
      route: context.route.name,
      table: tableKey(relation),
      reason,
      fix: 'Mend the cause, then `spine apply` copies the table again.',
    });
  }

  async function admit(relation: Relation, entry: Entry, current: CurrentPolicy): Promise<Entry> {
    if (entry.kind === 'stopped') return entry;
    const { admitted } = entry;
    if (admitted.relation === relation && admitted.decidedUnder === current.digest) return entry;
    const anew = await admitTable(context, current, relation);
    if ('refused' in anew) {
      await stop(relation, anew.refused);
      return { kind: 'stopped' };
    }
    if (entry.kind === 'withheld') return { kind: 'withheld', admitted: anew, cutOff: entry.cutOff };
    if (anew.delivered === null) {
      await cutOff(relation, anew);
      return { kind: 'withheld', admitted: anew, cutOff: true };
    }
    if (shapeOf(anew.delivered) !== entry.shape) {
      throw new RestartRoute(`obligations on ${tableKey(relation)} changed; its rows are copied again`);
    }
    if (admitted.relation !== relation) {
      await fromSink(session.prepareTable(anew.delivered));
      await context.memory.saveTable(relation.schema, relation.table, {
        state: 'streaming',
        contractVersion: anew.contract.version,
      });
    }
    return { kind: 'open', admitted: anew, shape: entry.shape };
  }

  async function cutOff(relation: Relation, admitted: AdmittedTable): Promise<void> {
    await context.memory.saveTable(relation.schema, relation.table, {
      state: 'cut_off',
      reason: admitted.decision.reason,
    });
    context.log.warn({
      event: 'table.cut_off',
      route: context.route.name,
      table: tableKey(relation),
      reason: admitted.decision.reason,
    });
  }

  async function treat(relation: Relation, current: CurrentPolicy): Promise<Treatment> {
    const known = entries.get(tableKey(relation));
    if (known === undefined) return { kind: 'leave' };
    const entry = await admit(relation, known, current);
    entries.set(tableKey(relation), entry);
    switch (entry.kind) {
      case 'stopped':
        return { kind: 'leave' };
      case 'withheld':
        return { kind: 'withhold', decision: withheldDecision(entry.admitted.decision) };
      case 'open': {
        const { delivered, decision } = entry.admitted;
        return delivered === null
          ? { kind: 'withhold', decision: withheldDecision(decision) }
          : { kind: 'deliver', table: delivered, decision };
      }
    }
  }

  return {
    stop,
    treat,
    startOf: (table) => started.get(tableKey(table)) ?? lsnZero,
    async treatTable(table, current) {
      const known = entries.get(tableKey(table));
      if (known === undefined || known.kind === 'stopped') return { kind: 'leave' };
      return await treat(known.admitted.relation, current);
    },
  };
}

/** A table that policy allows again stays cut off until it is copied in full: its rows are still withheld. */
function withheldDecision(decision: LeafDecision): LeafDecision {
  if (decision.verdict === 'deny') return decision;
  return { ...decision, verdict: 'deny', reason: 'cut_off_until_apply', obligations: [] };
}
