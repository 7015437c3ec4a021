import { type Insertable, type Selectable, sql } from 'kysely';
import type { DecisionRecord } from '../domain/decision-record.ts';
import type { ViolationRecord } from '../domain/violation.ts';
import type { GovernanceDb, GovernanceTables, GovernanceTransaction } from './governance-tables.ts';

type ViolationRow = Selectable<GovernanceTables['violation']>;

/** A violation with its place in lists. */
export interface NumberedViolation {
  readonly number: bigint;
  readonly violation: ViolationRecord;
}

const columns = [
  'number',
  'id',
  'fingerprint',
  'status',
  'severity',
  'route',
  'source',
  'sink',
  'source_region',
  'sink_region',
  'dataset_namespace',
  'dataset_name',
  'logical_name',
  'data_class',
  'tags',
  'reason',
  'rule_ids',
  'first_decision_id',
  'last_decision_id',
  'opened_at',
  'last_seen_at',
  'occurrences',
  'rows_withheld',
  'announced_at',
  'acknowledged_at',
  'acknowledged_by',
  'comment',
  'resolved_at',
] as const;

/** Violations that stand for the (route, sink, table) of any of the decisions, locked against acknowledgement meanwhile. */
export async function lockStandingViolations(
  trx: GovernanceTransaction,
  decisions: readonly DecisionRecord[],
): Promise<readonly ViolationRecord[]> {
  const keys = new Map(
    decisions.map(({ route, sink, logicalName }) => [
      JSON.stringify([route, sink, logicalName]),
      { route, sink, logical_name: logicalName },
    ]),
  );
  if (keys.size === 0) return [];
  const rows = await trx
    .selectFrom('violation')
    .select(columns)
    .where('status', '<>', 'RESOLVED')
    .where(
      sql<boolean>`(route, sink, logical_name) in (
        select k.route, k.sink, k.logical_name
        from jsonb_to_recordset(${JSON.stringify([...keys.values()])}::jsonb) as k (route text, sink text, logical_name text))`,
    )
    .orderBy('number')
    .forUpdate()
    .execute();
  return rows.map(violationOf);
}

/** One violation, locked until the transaction ends; undefined when there is none. */
export async function lockViolation(
  trx: GovernanceTransaction,
  id: string,
): Promise<ViolationRecord | undefined> {
  const row = await trx
    .selectFrom('violation')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && violationOf(row);
}

/** Violations by id. */
export async function findViolations(
  db: GovernanceDb,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ViolationRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('violation').select(columns).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, violationOf(row)]));
}

/** Violations that are not resolved, oldest first, behind a number. */
export async function listStandingViolations(
  db: GovernanceDb,
  page: { readonly after: bigint; readonly limit: number },
): Promise<readonly NumberedViolation[]> {
  const rows = await db
    .selectFrom('violation')
    .select(columns)
    .where('status', '<>', 'RESOLVED')
    .where('number', '>', page.after)
    .orderBy('number')
    .limit(page.limit)
    .execute();
  return rows.map((row) => ({ number: row.number, violation: violationOf(row) }));
}

/** How many violations stand, by status. */
export async function countStandingViolations(
  db: GovernanceDb,
): Promise<readonly { readonly status: string; readonly count: number }[]> {
  const rows = await db
    .selectFrom('violation')
    .select(['status', (eb) => eb.fn.countAll<bigint>().as('count')])
    .where('status', '<>', 'RESOLVED')
    .groupBy('status')
    .execute();
  return rows.map(({ status, count }) => ({ status, count: Number(count) }));
}

/** Writes new violations in order. */
export async function insertViolations(
  trx: GovernanceTransaction,
  violations: readonly ViolationRecord[],
): Promise<void> {
  if (violations.length === 0) return;
  await trx.insertInto('violation').values(violations.map(rowOf)).execute();
}

/** Writes what may change of a violation: its status, counts and signatures. */
export async function updateViolation(trx: GovernanceTransaction, violation: ViolationRecord): Promise<void> {
  const row = rowOf(violation);
  await trx
    .updateTable('violation')
    .set({
      status: row.status,
      last_decision_id: row.last_decision_id,
      last_seen_at: row.last_seen_at,
      occurrences: row.occurrences,
      rows_withheld: row.rows_withheld,
      announced_at: row.announced_at,
      acknowledged_at: row.acknowledged_at ?? null,
      acknowledged_by: row.acknowledged_by ?? null,
      comment: row.comment ?? null,
      resolved_at: row.resolved_at ?? null,
    })
    .where('id', '=', violation.id)
    .execute();
}

function rowOf(violation: ViolationRecord): Insertable<GovernanceTables['violation']> {
  const time = (text: string | null): Date | null => (text === null ? null : new Date(text));
  return {
    id: violation.id,
    fingerprint: violation.fingerprint,
    status: violation.status,
    severity: violation.severity,
    route: violation.route,
    source: violation.source,
    sink: violation.sink,
    source_region: violation.sourceRegion,
    sink_region: violation.sinkRegion,
    dataset_namespace: violation.dataset.namespace,
    dataset_name: violation.dataset.name,
    logical_name: violation.logicalName,
    data_class: violation.dataClass,
    tags: JSON.stringify(violation.tags),
    reason: violation.reason,
    rule_ids: JSON.stringify(violation.ruleIds),
    first_decision_id: violation.firstDecisionId,
    last_decision_id: violation.lastDecisionId,
    opened_at: new Date(violation.openedAt),
    last_seen_at: new Date(violation.lastSeenAt),
    occurrences: violation.occurrences,
    rows_withheld: violation.rowsWithheld,
    announced_at: new Date(violation.announcedAt),
    acknowledged_at: time(violation.acknowledgedAt),
    acknowledged_by: violation.acknowledgedBy,
    comment: violation.comment,
    resolved_at: time(violation.resolvedAt),
  };
}

function violationOf(row: ViolationRow): ViolationRecord {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    status: row.status,
    severity: row.severity,
    route: row.route,
    source: row.source,
    sink: row.sink,
    sourceRegion: row.source_region,
    sinkRegion: row.sink_region,
    dataset: { namespace: row.dataset_namespace, name: row.dataset_name },
    logicalName: row.logical_name,
    dataClass: row.data_class,
    tags: row.tags,
    reason: row.reason,
    ruleIds: row.rule_ids,
    firstDecisionId: row.first_decision_id,
    lastDecisionId: row.last_decision_id,
    openedAt: row.opened_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    occurrences: Number(row.occurrences),
    rowsWithheld: Number(row.rows_withheld),
    announcedAt: row.announced_at.toISOString(),
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    comment: row.comment,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}
