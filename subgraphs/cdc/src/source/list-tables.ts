import { nearest } from '@spine/kernel/nearest';
import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import pg from 'pg';
import { isInsertOnly, tableKey } from '../domain/relation.ts';
import type { CatalogTable } from './change-source.ts';
import { readTables, type TableFacts } from './read-catalog.ts';
import type { RelationBook } from './relation-book.ts';
import type { Query } from './source-session.ts';
import { parseTablePattern } from './table-pattern.ts';

/** Up to this size an unanalysed table is counted; above it a guess by its size must do. */
const countedBytes = 4 * 1024 * 1024;
/** Up to this many rows an estimate is replaced by a count: small numbers are read by people. */
const countedRows = 1_000;
const guessedRowBytes = 100;

export interface ListTablesDeps {
  readonly query: Query;
  readonly book: RelationBook;
  readonly log: Log;
  readonly route: string;
}

/** Finds the tables that a route names, ordinary and partitioned ones; partitions come under the name of their root. */
export async function listTables(
  deps: ListTablesDeps,
  patterns: readonly string[],
): Promise<readonly CatalogTable[]> {
  const parsed = patterns.map(parseTablePattern);
  const all = await readTables(deps.query, null);
  for (const pattern of parsed.filter(({ exact }) => exact)) {
    const named = all.find(({ relation }) => tableKey(relation) === pattern.text);
    if (named === undefined) throw unknownTable(deps.route, pattern.text, all);
    const reason = refusal(named);
    if (reason !== null) throw refusedTable(deps.route, named, reason);
  }
  const tables: CatalogTable[] = [];
  for (const facts of all) {
    const { schema, table } = facts.relation;
    const matching = parsed.filter((pattern) => pattern.matches(schema, table));
    // Where another route of ours keeps its state at a sink that is also a source.
    if (matching.length === 0 || (schema === '_spine' && !matching.some(({ exact }) => exact))) continue;
    const reason = refusal(facts);
    if (reason !== null) {
      if (reason.report) logSkipped(deps, facts, reason.why);
      continue;
    }
    if (isInsertOnly(facts.relation)) logInsertOnly(deps, facts);
    tables.push({
      relation: deps.book.intern(facts.relation),
      estimatedRows: await estimateRows(deps.query, facts),
    });
  }
  return tables;
}

interface Refusal {
  readonly why: string;
  readonly fix: string;
  readonly report: boolean;
}

function refusal({ persistence, isPartition, relation }: TableFacts): Refusal | null {
  if (persistence === 'u') {
    return {
      why: 'it is unlogged, so its changes are not in the WAL',
      fix: `Run: alter table ${quoted(relation)} set logged`,
      report: true,
    };
  }
  if (persistence === 't') return { why: 'it is temporary', fix: 'Name a permanent table.', report: true };
  if (isPartition) {
    return {
      why: 'it is a partition: its rows come under the name of the partitioned table',
      fix: 'Name the partitioned table instead.',
      report: false,
    };
  }
  return null;
}

function refusedTable(route: string, { relation }: TableFacts, { why, fix }: Refusal): Problem {
  return new Problem('NOT_SUPPORTED', `route ${route}: ${tableKey(relation)} cannot be replicated: ${why}`, {
    fix,
  });
}

function unknownTable(route: string, name: string, all: readonly TableFacts[]): Problem {
  const names = all.map(({ relation }) => tableKey(relation));
  const hint = nearest(name, names);
  return new Problem('NOT_FOUND', `route ${route}: the source has no table ${name}`, {
    fix:
      hint === undefined
        ? 'Create the table at the source or correct `tables` of the route.'
        : `Did you mean ${hint}?`,
  });
}

function logSkipped({ log, route }: ListTablesDeps, { relation }: TableFacts, reason: string): void {
  log.warn({ event: 'table.skipped', route, table: tableKey(relation), reason });
}

function logInsertOnly({ log, route }: ListTablesDeps, { relation }: TableFacts): void {
  log.warn({
    event: 'table.insert_only',
    route,
    table: tableKey(relation),
    code: 'TABLE_WITHOUT_IDENTITY',
    reason: 'it has no usable replica identity: only inserts and truncates are delivered',
    fix: identityFix(relation),
  });
}

/** What makes updates and deletes of a table flow. */
export function identityFix(relation: { readonly schema: string; readonly table: string }): string {
  const name = quoted(relation);
  return `Add a primary key, or run: alter table ${name} replica identity using index <a unique index of not null columns>`;
}

function quoted({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}

async function estimateRows(
  query: Query,
  { relation, partitioned, tuples, bytes }: TableFacts,
): Promise<number> {
  const few = tuples === undefined ? bytes <= countedBytes : tuples < countedRows && bytes <= countedBytes;
  if (few) {
    const counted = await countRows(query, relation, partitioned);
    if (counted !== null) return counted;
  }
  return Math.round(tuples ?? bytes / guessedRowBytes);
}

/** Null when we may not read the table: that is for the copy to say. */
async function countRows(
  query: Query,
  relation: { readonly schema: string; readonly table: string },
  partitioned: boolean,
): Promise<number | null> {
  try {
    const [row] = await query<{ rows: string }>(
      `select count(*) as rows from ${partitioned ? '' : 'only '}${quoted(relation)}`,
    );
    return Number(row?.rows ?? 0);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42501') return null;
    throw error;
  }
}
