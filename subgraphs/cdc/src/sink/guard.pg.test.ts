import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliveredTable } from '../domain/delivered-table.ts';
import { aColumn, aRelation } from '../domain/relation-builder.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import {
  deleteRowsStatement,
  oldKeyAlias,
  putRowsStatement,
  type RowColumn,
  renameRowsStatement,
  updateRowsStatement,
  valueAlias,
} from './apply-statements.ts';
import { type EncodedColumn, encodeColumns } from './encode-rows.ts';
import { findTable } from './found-table.ts';
import { type PlannedColumn, planTable, type TablePlan } from './table-plan.ts';
import { wantedColumns } from './wanted-column.ts';

// Each statement alone, outside of the transaction whose fence would stop it: without its guard it would change rows.
const relation = aRelation({
  table: 'guarded',
  columns: [aColumn(), aColumn({ name: 'note', typeOid: 25, typeText: 'text', typeCategory: 'S' })],
});
const table = deliveredTable(relation, [], null, 1);
const image = (id: number, note: string) => aTuple(int8(id), Buffer.from(note));

interface Statement {
  readonly text: string;
  readonly arrays: readonly Buffer[];
}
const statementOf = (
  plan: TablePlan,
  text: (plan: TablePlan, row: readonly RowColumn[]) => string,
  encoded: readonly EncodedColumn[],
  old: readonly EncodedColumn[] = [],
): Statement => {
  const named = (columns: readonly EncodedColumn[], alias: (column: PlannedColumn) => string): RowColumn[] =>
    columns.map(({ column, asText }) => ({ column, asText, alias: alias(column) }));
  return {
    text: text(plan, [...named(encoded, valueAlias), ...named(old, oldKeyAlias)]),
    arrays: [...encoded, ...old].map(({ array }) => array),
  };
};
const statements: readonly [string, (plan: TablePlan) => Statement][] = [
  [
    'put',
    (plan) =>
      statementOf(plan, putRowsStatement, encodeColumns([image(1, 'new'), image(2, 'new')], plan.columns)),
  ],
  [
    'update',
    (plan) => statementOf(plan, updateRowsStatement, encodeColumns([image(1, 'new')], plan.columns)),
  ],
  ['delete', (plan) => statementOf(plan, deleteRowsStatement, encodeColumns([image(1, '')], plan.key))],
  [
    'rename',
    (plan) =>
      statementOf(
        plan,
        renameRowsStatement,
        encodeColumns([image(9, '')], plan.key),
        encodeColumns([image(1, '')], plan.key),
      ),
  ],
];

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(async () => {
  await client.query(`
    drop schema if exists _spine cascade; create schema _spine; drop table if exists guarded;
    create table _spine.checkpoint (route text primary key, epoch bigint, lsn pg_lsn);
    insert into _spine.checkpoint values ('r', 2, '0/10');
    create table guarded (id bigint primary key, note text); insert into guarded values (1, 'old')`);
});

const run = async (make: (plan: TablePlan) => Statement, route: string, epoch: number, lsn: string) => {
  const found = await findTable(client, 'public', 'guarded');
  if (found === null) throw new Error('the table was made');
  const { text, arrays } = make(
    planTable(
      table,
      wantedColumns(table, () => true),
      found,
      'pg_temp.none',
    ),
  );
  await client.query(text, [route, String(epoch), lsn, ...arrays]);
  return (await client.query('select id::text, note from guarded order by id')).rows;
};

test.each(statements)(
  '%s changes no row under an epoch that is over, or for another batch',
  async (_name, make) => {
    const before = [{ id: '1', note: 'old' }];
    expect(await run(make, 'r', 1, '0/10')).toEqual(before);
    expect(await run(make, 'r', 2, '0/20')).toEqual(before);
    expect(await run(make, 'another', 2, '0/10')).toEqual(before);
  },
);

test.each(statements)('%s changes rows under the epoch that holds', async (_name, make) => {
  expect(await run(make, 'r', 2, '0/10')).not.toEqual([{ id: '1', note: 'old' }]);
});
