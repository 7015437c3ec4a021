import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { DeliveredTable } from '../domain/delivery.ts';
import { tableKey } from '../domain/relation.ts';
import { claimTable } from './claim-table.ts';
import { evolveTable } from './evolve-table.ts';
import { findTable } from './found-table.ts';
import { quoteTable, schemaOfType } from './quote-name.ts';
import { type Fence, inTransaction, lockEpoch } from './sink-state.ts';
import { createStage, planTable, type TablePlan } from './table-plan.ts';
import { type WantedColumn, wantedColumns, wantedTypes } from './wanted-column.ts';

/**
 * Brings the sink table to the delivered shape in one fenced transaction: creates it, or adds what is new. Never drops or
 * empties anything. Answers how changes are written to it.
 */
export async function prepareTable(
  client: pg.Client,
  fence: Fence,
  table: DeliveredTable,
  stageName: string,
): Promise<TablePlan> {
  const { schema, table: name } = table.relation;
  try {
    const plan = await inTransaction(client, async () => {
      await lockEpoch(client, fence);
      const claim = await claimTable(client, fence.route, table);
      const wanted = wantedColumns(table, await knownTypes(client, table));
      await prepareEnums(client, wanted);
      const found = await findTable(client, schema, name);
      if (found === null) await createTable(client, table, wanted);
      else await evolveTable(client, table, wanted, found, claim);
      const prepared = await findTable(client, schema, name);
      if (prepared === null) throw new Error(`${tableKey(table.relation)} vanished while it was prepared`);
      return planTable(table, wanted, prepared, `pg_temp.${pg.escapeIdentifier(stageName)}`);
    });
    if (plan.stage !== null) await client.query(createStage(plan, plan.stage));
    return plan;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw error;
    throw await privilegeProblem(client, table, error);
  }
}

async function knownTypes(client: pg.Client, table: DeliveredTable): Promise<(typeText: string) => boolean> {
  const { rows } = await client.query<{ name: string }>(
    'select name from unnest($1::text[]) as wanted (name) where to_regtype(name) is not null',
    [wantedTypes(table)],
  );
  const known = new Set(rows.map((row) => row.name));
  return (typeText) => known.has(typeText);
}

/** Creates the enums that columns want, and adds labels that came later. */
async function prepareEnums(client: pg.Client, wanted: readonly WantedColumn[]): Promise<void> {
  const types = new Map(
    wanted.flatMap(({ enumType }) => (enumType === null ? [] : [[enumType.name, enumType]])),
  );
  for (const { name, labels } of types.values()) {
    const { rows } = await client.query<{ labels: string[] | null }>(
      `select (select array_agg(e.enumlabel::text) from pg_enum as e where e.enumtypid = t.oid) as labels
       from pg_type as t where t.oid = to_regtype($1)`,
      [name],
    );
    if (rows[0] === undefined) {
      await createSchema(client, schemaOfType(name));
      await client.query(`create type ${name} as enum (${labels.map(pg.escapeLiteral).join(', ')})`);
      continue;
    }
    const known = new Set(rows[0].labels ?? []);
    for (const [place, label] of labels.entries()) {
      if (known.has(label)) continue;
      const previous = labels[place - 1];
      const next = labels.find((candidate) => known.has(candidate));
      const where =
        previous !== undefined
          ? ` after ${pg.escapeLiteral(previous)}`
          : next !== undefined
            ? ` before ${pg.escapeLiteral(next)}`
            : '';
      await client.query(`alter type ${name} add value if not exists ${pg.escapeLiteral(label)}${where}`);
      known.add(label);
    }
  }
}

/**
 * Only key columns are not null: a source that lets go of a not null says so without a word in its stream, and rows must not
 * wait for somebody to notice.
 */
async function createTable(
  client: pg.Client,
  table: DeliveredTable,
  wanted: readonly WantedColumn[],
): Promise<void> {
  const { relation } = table;
  await createSchema(client, relation.schema);
  const columns = wanted.map((column) => `${pg.escapeIdentifier(column.name)} ${column.typeText}`);
  const key = relation.key.map((index) => pg.escapeIdentifier(relation.columns[index]?.name ?? ''));
  const parts = key.length === 0 ? columns : [...columns, `primary key (${key.join(', ')})`];
  await client.query(`create table ${quoteTable(relation)} (${parts.join(', ')})`);
}

/** Asks first: `if not exists` demands the right to create even where nothing is to be created. */
async function createSchema(client: pg.Client, schema: string | null): Promise<void> {
  if (schema === null) return;
  const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [schema]);
  if (rowCount === 0) await client.query(`create schema if not exists ${pg.escapeIdentifier(schema)}`);
}

async function privilegeProblem(
  client: pg.Client,
  { relation }: DeliveredTable,
  cause: unknown,
): Promise<Problem> {
  const { rows } = await client.query<{ role: string; database: string }>(
    'select quote_ident(current_user) as role, quote_ident(current_database()) as database',
  );
  const { role, database } = rows[0] ?? { role: 'the role of the sink', database: 'its database' };
  return new Problem('SINK_PRIVILEGE', `the sink does not let us prepare ${tableKey(relation)}`, {
    fix: `As owner run: grant create, temporary on database ${database} to ${role}; grant create, usage on schema ${pg.escapeIdentifier(relation.schema)} to ${role}; a table that exists must belong to ${role}.`,
    cause,
  });
}
