import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { formatLsn, lsnZero } from '@spine/kernel/lsn';
import { type Relation, tableKey } from '../domain/relation.ts';
import { needsApply, type TableState } from '../domain/route-state.ts';
import type { CatalogTable, SourceIdentity } from '../source/change-source.ts';
import { type AdmittedTable, admitTable } from './admit-table.ts';
import type { CurrentPolicy } from './policy-feed.ts';
import { RestartRoute, type RouteContext } from './route-context.ts';
import { shapeOf } from './table-shape.ts';

/** A table that may be delivered. */
export interface OpenTable extends AdmittedTable {
  readonly catalog: CatalogTable;
  /** Its rows at the sink are missing, of another shape, or asked for anew: copy it in full. */
  readonly mustCopy: boolean;
  /** Its rows at the sink no longer equal the source's; it streams on until `spine apply`. */
  readonly diverged: boolean;
}

/** A table whose rows are withheld, and why. `admitted` is null when the contract refused its shape. */
export interface WithheldTable {
  readonly relation: Relation;
  readonly state: Extract<TableState, 'denied' | 'cut_off' | 'stopped'>;
  readonly admitted: AdmittedTable | null;
}

export interface Admission {
  readonly current: CurrentPolicy;
  readonly open: readonly OpenTable[];
  readonly withheld: readonly WithheldTable[];
}

/**
 * Takes every table of a route through contract and gate before anything flows, records the decisions as one leaf of kind
 * `admission`, and announces each table to lineage, denied ones too.
 */
export async function admitTables(
  context: RouteContext,
  identity: SourceIdentity,
  current: CurrentPolicy,
  catalog: readonly CatalogTable[],
): Promise<Admission> {
  const known = new Map((await context.memory.tables()).map((table) => [tableKey(table), table]));
  await context.memory.keepTables(catalog.map((table) => table.relation));
  const open: OpenTable[] = [];
  const withheld: WithheldTable[] = [];
  for (const entry of catalog) {
    const { relation } = entry;
    const before = known.get(tableKey(relation));
    const admitted = await admitTable(context, current, relation);
    if ('refused' in admitted) {
      withheld.push({ relation, state: 'stopped', admitted: null });
      await context.memory.saveTable(relation.schema, relation.table, {
        state: 'stopped',
        reason: admitted.refused,
      });
      continue;
    }
    const held = before !== undefined && needsApply(before.state) && !before.recopy ? before.state : null;
    if (admitted.delivered === null || held !== null) {
      const state = held === 'stopped' || held === 'cut_off' ? held : 'denied';
      withheld.push({ relation, state, admitted });
      await context.memory.saveTable(relation.schema, relation.table, {
        state,
        reason: held === null ? admitted.decision.reason : (before?.reason ?? null),
        contractVersion: admitted.contract.version,
      });
      continue;
    }
    const mustCopy =
      before === undefined ||
      before.state === 'pending' ||
      before.state === 'denied' ||
      before.recopy ||
      before.shape !== shapeOf(admitted.delivered);
    if (mustCopy) {
      await context.memory.saveTable(relation.schema, relation.table, {
        state: 'pending',
        contractVersion: admitted.contract.version,
        rowsEstimated: entry.estimatedRows,
      });
    }
    open.push({ ...admitted, catalog: entry, mustCopy, diverged: before?.state === 'diverged' });
  }
  await recordAdmission(context, identity, current, [...open, ...withheld.flatMap(admittedOf)]);
  await context.runEvents.announce([...open, ...withheld.flatMap(admittedOf)]);
  return { current, open, withheld };
}

function admittedOf(table: WithheldTable): AdmittedTable[] {
  return table.admitted === null ? [] : [table.admitted];
}

async function recordAdmission(
  context: RouteContext,
  identity: SourceIdentity,
  current: CurrentPolicy,
  tables: readonly AdmittedTable[],
): Promise<void> {
  if (tables.length === 0) return;
  const decisions = tables.map((table) => table.decision);
  const recorded = await context.leaves.append(
    {
      batchId: sha256Hex(
        canonicalJson(['admission', context.route.name, current.version, current.digest, decisions]),
      ),
      kind: 'admission',
      route: context.route.name,
      source: context.sourceEndpoint.name,
      sink: context.sinkEndpoint.name,
      systemId: identity.systemId,
      start: formatLsn(lsnZero),
      end: formatLsn(lsnZero),
      matrixVersion: current.version,
      matrixDigest: current.digest,
      decidedAt: context.clock.now().toISOString(),
      decisions,
    },
    context.signal,
    context.progress.hold,
  );
  context.progress.resume();
  if (recorded === 'stale') throw new RestartRoute('the matrix changed while tables were admitted');
}
