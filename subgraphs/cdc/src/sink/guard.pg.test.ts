import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deliveredTable } from '../domain/delivered-table.ts';
import { aColumn, aRelation } from '../domain/relation-builder.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import {
  deleteStatement,
  type Guard,
  putStatement,
  renameStatement,
  type Statement,
  updateStatement,
} from './apply-statements.ts';
import { columnPlans } from './column-plan.ts';
import { writeColumns } from './write-columns.ts';

// Each statement alone, outside of the transaction whose fence would stop it: without its guard it would change rows.
const relation = aRelation({
  table: 'guarded',
  columns: [aColumn(), aColumn({ name: 'note', typeOid: 25, typeText: 'text', typeCategory: 'S' })],
});
const plans = columnPlans(deliveredTable(relation, [], null, 1));
const keys = plans.filter((plan) => plan.key);
const image = (id: number, note: string) => aTuple(int8(id), Buffer.from(note));
const statements: readonly [string, (guard: Guard) => Statement | null][] = [
  [
    'put',
    (guard) => putStatement('guarded', plans, writeColumns(plans, [image(1, 'new'), image(2, 'new')]), guard),
  ],
  ['update', (guard) => updateStatement('guarded', plans, writeColumns(plans, [image(1, 'new')]), guard)],
  ['delete', (guard) => deleteStatement('guarded', keys, writeColumns(keys, [image(1, '')]), guard)],
  [
    'rename',
    (guard) =>
      renameStatement(
        'guarded',
        keys,
        writeColumns(keys, [image(1, '')]),
        writeColumns(keys, [image(9, '')]),
        guard,
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

const run = async (make: (guard: Guard) => Statement | null, guard: Guard) => {
  const statement = make(guard);
  if (statement === null) throw new Error('no statement');
  await client.query(statement.text, [...statement.values]);
  return (await client.query('select id::text, note from guarded order by id')).rows;
};

test.each(statements)(
  '%s changes no row under an epoch that is over, or for another batch',
  async (_name, make) => {
    const before = [{ id: '1', note: 'old' }];
    expect(await run(make, { route: 'r', epoch: 1n, lsn: '0/10' })).toEqual(before);
    expect(await run(make, { route: 'r', epoch: 2n, lsn: '0/20' })).toEqual(before);
    expect(await run(make, { route: 'another', epoch: 2n, lsn: '0/10' })).toEqual(before);
  },
);

test.each(statements)('%s changes rows under the epoch that holds', async (_name, make) => {
  expect(await run(make, { route: 'r', epoch: 2n, lsn: '0/10' })).not.toEqual([{ id: '1', note: 'old' }]);
});
