import type { DatasetName } from '@spine/kernel/table-ref';
import { type Selectable, sql } from 'kysely';
import type { DecisionRecord } from '../domain/decision-record.ts';
import type { GovernanceDb, GovernanceTables, GovernanceTransaction } from './governance-tables.ts';

/** Where a page of decisions begins: behind this one, newest first. */
export interface DecisionPlace {
  readonly seq: bigint;
  readonly ordinal: number;
}

/** Which decisions: of a dataset that leaves, or of one at a sink. */
export interface DecisionPageKey {
  readonly dataset: DatasetName;
  readonly side: 'source' | 'sink';
  readonly after: DecisionPlace | null;
  readonly limit: number;
}

type DecisionRow = Selectable<GovernanceTables['decision']>;

/** Writes the decisions of new entries, and marks those that they replace. */
export async function insertDecisions(
  trx: GovernanceTransaction,
  decisions: readonly DecisionRecord[],
  replaced: readonly { readonly seq: bigint; readonly by: bigint }[],
): Promise<void> {
  if (decisions.length > 0) {
    // One parameter, however many rows.
    const rows = JSON.stringify(decisions.map(rowOf));
    await sql`insert into decision select * from jsonb_populate_recordset(null::decision, ${rows}::jsonb)`.execute(
      trx,
    );
  }
  for (const { seq, by } of replaced) {
    await trx.updateTable('decision').set({ superseded_by: by }).where('seq', '=', seq).execute();
  }
}

/** The decisions at the given places. */
export async function findDecisions(
  db: GovernanceDb,
  places: readonly DecisionPlace[],
): Promise<readonly DecisionRecord[]> {
  if (places.length === 0) return [];
  const keys = JSON.stringify(places.map(({ seq, ordinal }) => ({ seq: String(seq), ordinal })));
  const { rows } = await sql<DecisionRow>`
    select d.seq, d.ordinal, d.batch_id, d.kind, d.route, d.source, d.sink, d.source_region, d.sink_region,
      d.dataset_namespace, d.dataset_name, d.logical_name, d.sink_namespace, d.sink_name, d.subject,
      d.schema_version, d.verdict, d.reason, d.rule_ids, d.obligations, d.data_class, d.tags, d.rows,
      d.rows_withheld, d.matrix_version, d.decided_at, d.superseded_by
    from jsonb_to_recordset(${keys}::jsonb) as k (seq bigint, ordinal int)
    join decision d on d.seq = k.seq and d.ordinal = k.ordinal`.execute(db);
  return rows.map(recordOf);
}

/** Pages of decisions, newest first, one for each key, in one statement: every page is an index range. */
export async function listDecisionPages(
  db: GovernanceDb,
  keys: readonly DecisionPageKey[],
): Promise<readonly (readonly DecisionRecord[])[]> {
  const asked = JSON.stringify(
    keys.map(({ dataset, side, after, limit }, page) => ({
      page,
      side,
      namespace: dataset.namespace,
      name: dataset.name,
      // Behind nothing: above every entry.
      seq: String(after?.seq ?? 9_223_372_036_854_775_807n),
      ordinal: after?.ordinal ?? 0,
      lim: limit,
    })),
  );
  const { rows } = await sql<DecisionRow & { page: number }>`
    select k.page, d.*
    from jsonb_to_recordset(${asked}::jsonb)
      as k (page int, side text, namespace text, name text, seq bigint, ordinal int, lim int)
    cross join lateral (
      (select ${sql.raw(columns)} from decision
        where k.side = 'source' and dataset_namespace = k.namespace and dataset_name = k.name
          and (seq, ordinal) < (k.seq, k.ordinal)
        order by seq desc, ordinal desc limit k.lim)
      union all
      (select ${sql.raw(columns)} from decision
        where k.side = 'sink' and sink_namespace = k.namespace and sink_name = k.name
          and (seq, ordinal) < (k.seq, k.ordinal)
        order by seq desc, ordinal desc limit k.lim)
    ) d
    order by k.page, d.seq desc, d.ordinal desc`.execute(db);
  const pages = keys.map((): DecisionRecord[] => []);
  for (const { page, ...row } of rows) pages[page]?.push(recordOf(row));
  return pages;
}

const columns = `seq, ordinal, batch_id, kind, route, source, sink, source_region, sink_region, dataset_namespace,
  dataset_name, logical_name, sink_namespace, sink_name, subject, schema_version, verdict, reason, rule_ids, obligations,
  data_class, tags, rows, rows_withheld, matrix_version, decided_at, superseded_by`;

function rowOf(record: DecisionRecord): Record<keyof DecisionRow, unknown> {
  return {
    seq: String(record.seq),
    ordinal: record.ordinal,
    batch_id: record.batchId,
    kind: record.kind,
    route: record.route,
    source: record.source,
    sink: record.sink,
    source_region: record.sourceRegion,
    sink_region: record.sinkRegion,
    dataset_namespace: record.dataset.namespace,
    dataset_name: record.dataset.name,
    logical_name: record.logicalName,
    sink_namespace: record.sinkDataset?.namespace ?? null,
    sink_name: record.sinkDataset?.name ?? null,
    subject: record.subject,
    schema_version: record.schemaVersion,
    verdict: record.verdict,
    reason: record.reason,
    rule_ids: record.ruleIds,
    obligations: record.obligations,
    data_class: record.dataClass,
    tags: record.tags,
    rows: record.rows,
    rows_withheld: record.rowsWithheld,
    matrix_version: record.matrixVersion,
    decided_at: record.decidedAt,
    superseded_by: null,
  };
}

function recordOf(row: DecisionRow): DecisionRecord {
  return {
    seq: row.seq,
    ordinal: row.ordinal,
    batchId: row.batch_id,
    kind: row.kind,
    route: row.route,
    source: row.source,
    sink: row.sink,
    sourceRegion: row.source_region,
    sinkRegion: row.sink_region,
    dataset: { namespace: row.dataset_namespace, name: row.dataset_name },
    logicalName: row.logical_name,
    sinkDataset:
      row.sink_namespace === null || row.sink_name === null
        ? null
        : { namespace: row.sink_namespace, name: row.sink_name },
    subject: row.subject,
    schemaVersion: row.schema_version,
    verdict: row.verdict,
    reason: row.reason,
    ruleIds: row.rule_ids,
    obligations: row.obligations,
    dataClass: row.data_class,
    tags: row.tags,
    rows: Number(row.rows),
    rowsWithheld: Number(row.rows_withheld),
    matrixVersion: row.matrix_version,
    decidedAt: row.decided_at.toISOString(),
    supersededBy: row.superseded_by,
  };
}
