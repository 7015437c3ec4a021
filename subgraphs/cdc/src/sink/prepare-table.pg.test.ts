import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { aBatch, copyAll, createSinkPair, deliverAll, inserts, type SinkPair } from './sink-pair-suite.ts';

const columnsAt = async (pair: SinkPair, table = 't') =>
  (
    await pair.atSink<{ line: string }>(
      `select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end as line
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [table],
    )
  ).map(({ line }) => line);

test('a table, its schema and its quoted names are made; preparing it again changes nothing', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(
    `create table "Odd ""Table" ("the id" int primary key, "select" text, email text not null)`,
  );
  const table = await pair.table('Odd "Table', [{ type: 'mask', fields: ['email'] }]);
  const elsewhere = { ...table, relation: { ...table.relation, schema: 'Other Schema' } };
  const session = await pair.open();
  await session.prepareTable(elsewhere);
  const made = await columnsAt(pair, '"Other Schema"."Odd ""Table"');
  expect(made).toEqual(['the id integer not null', 'select text', 'email text']);
  await session.prepareTable(elsewhere);
  expect(await columnsAt(pair, '"Other Schema"."Odd ""Table"')).toEqual(made);
});

test('columns that come, go and widen are followed, and rows of either shape flow', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create table t (id bigint primary key, a varchar(3) not null, gone text)');
  const first = await pair.table('t');
  const session = await pair.open();
  await session.prepareTable(first);
  await pair.atSource(`insert into t values (1, 'one', 'x')`);
  await copyAll(pair, session, first);
  await pair.atSource(`
    alter table t drop column gone, add column later numeric(6,2) default 7, alter column a type varchar(9);
    insert into t values (2, 'wide one')`);
  const second = await pair.table('t');
  await session.prepareTable(second);
  expect(await columnsAt(pair)).toEqual([
    'id bigint not null',
    'a character varying(9)',
    'gone text',
    'later numeric(6,2)',
  ]);
  const changes = inserts(second.relation, await pair.tuples('t', 'where id = 2'));
  await deliverAll(session, aBatch('0/10', { table: second, changes }));
  expect(await pair.atSink('select * from t order by id')).toEqual([
    { id: '1', a: 'one', gone: 'x', later: null },
    { id: '2', a: 'wide one', gone: null, later: '7.00' },
  ]);
});

test('a type that changes stops the table and keeps its rows', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create table t (id bigint primary key, a int); insert into t values (1, 5)');
  const session = await pair.open();
  const first = await pair.table('t');
  await session.prepareTable(first);
  await copyAll(pair, session, first);
  await pair.atSource('alter table t alter column a type text');
  await expect(session.prepareTable(await pair.table('t'))).rejects.toMatchObject({
    code: 'SINK_TABLE_CONFLICT',
    message: 'sink table public.t: its column a is integer, the delivered one text',
  });
  expect(await pair.atSink('select * from t')).toEqual([{ id: '1', a: 5 }]);
});

test('a table that is copied anew takes another type or key, as when its policy changes', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(
    'create table t (id bigint primary key, age int, code text not null); insert into t values (1, 36, 7)',
  );
  const session = await pair.open();
  const plain = await pair.table('t');
  await session.prepareTable(plain);
  await copyAll(pair, session, plain);
  const reader = `reader_${randomBytes(4).toString('hex')}`;
  await pair.atSink(`create role ${reader}; grant select on t to ${reader}`);
  await session.forgetTable('public', 't');
  await pair.atSource('alter table t drop constraint t_pkey, add primary key (code)');
  const governed = await pair.table('t', [{ type: 'hash', fields: ['age'] }]);
  await session.prepareTable(governed);
  await copyAll(pair, session, governed);
  expect(await columnsAt(pair)).toEqual(['id bigint', 'age text', 'code text not null']);
  const [row] = await pair.atSink(
    `select length(age) as digits, has_table_privilege('${reader}', 't', 'select') as granted from t`,
  );
  expect(row).toEqual({ digits: 64, granted: true });
  await pair.atSink(`drop owned by ${reader}; drop role ${reader}`);
});

test('a table of others is taken when it is empty and fits, and refused when it has rows or does not', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(`
    create table empty_one (id bigint primary key, a text);
    create table full_one (id bigint primary key, a text);
    create table strict_one (id bigint primary key, a text);
    create table a_view (id bigint primary key, a text)`);
  await pair.atSink(`
    create table empty_one (a text not null, id bigint);
    create table full_one (id bigint primary key, a text); insert into full_one values (9, 'mine');
    create table strict_one (id bigint primary key, a text, own int not null);
    create view a_view as select 1::bigint as id, 'x' as a`);
  const session = await pair.open();
  await session.prepareTable(await pair.table('empty_one'));
  expect(await columnsAt(pair, 'empty_one')).toEqual(['a text', 'id bigint not null']);
  for (const name of ['full_one', 'strict_one', 'a_view']) {
    await expect(session.prepareTable(await pair.table(name))).rejects.toMatchObject({
      code: 'SINK_TABLE_CONFLICT',
    });
  }
  expect(await pair.atSink('select * from full_one')).toEqual([{ id: '9', a: 'mine' }]);
  // A refused table is not claimed.
  expect(await pair.atSink('select table_name from _spine.route_table')).toEqual([
    { table_name: 'empty_one' },
  ]);
});

test('two routes do not deliver one table', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create table t (id bigint primary key)');
  const table = await pair.table('t');
  const first = await pair.open('first');
  const second = await pair.open('second');
  await first.prepareTable(table);
  await expect(second.prepareTable(table)).rejects.toMatchObject({
    code: 'SINK_TABLE_CONFLICT',
    message: 'route first already delivers public.t to this sink',
    fix: expect.stringContaining(`delete from _spine.route_table where route = 'first'`),
  });
});

test('a label that an enum gets later is there before its first value', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(
    `create type mood as enum ('low', 'high'); create table t (id bigint primary key, m mood)`,
  );
  const session = await pair.open();
  await session.prepareTable(await pair.table('t'));
  await pair.atSource(
    `alter type mood add value 'middle' after 'low'; alter type mood add value 'none' before 'low'`,
  );
  await session.prepareTable(await pair.table('t'));
  expect(await pair.atSink('select enum_range(null::mood)::text as labels')).toEqual([
    { labels: '{none,low,middle,high}' },
  ]);
});

test('a type that the sink does not have is named, unless no value of it leaves', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create type pair as (x int, y int); create table t (id bigint primary key, p pair)');
  const session = await pair.open();
  await expect(session.prepareTable(await pair.table('t'))).rejects.toMatchObject({
    code: 'SINK_TABLE_CONFLICT',
    message: 'public.t.p: the sink has no type public.pair',
  });
  await session.prepareTable(await pair.table('t', [{ type: 'drop', fields: ['p'] }]));
  expect(await columnsAt(pair)).toEqual(['id bigint not null', 'p text']);
});

test('a table that somebody dropped at the sink is not taken for complete', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create table t (id bigint primary key)');
  const session = await pair.open();
  const table = await pair.table('t');
  await session.prepareTable(table);
  await copyAll(pair, session, table);
  await session.close();
  const again = await pair.open();
  expect(again.tables.map(({ table: name }) => name)).toEqual(['t']);
  await again.close();
  await pair.atSink('drop table t');
  expect((await pair.open()).tables).toEqual([]);
});
