import { afterAll, describe, expect, test } from 'vitest';
import { readColumn } from '../domain/tuple.ts';
import { sayChanges, sourceServers, takeAll } from './source-servers-suite.ts';

describe.each(sourceServers())('changes of a stream, $name', (server) => {
  afterAll(server.stop);

  test('every kind of change arrives in commit order, whole transactions at a time', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item']);
    await database.run(`insert into item values (1, 'a'), (2, null)`);
    await database.run(
      `begin; update item set name = 'b' where id = 1; update item set id = 3 where id = 2; commit`,
    );
    await database.run('delete from item where id = 1');
    await database.run('truncate item');
    const transactions = await takeAll(database, stream);
    expect(sayChanges(transactions)).toEqual([
      'insert item (1,a)',
      'insert item (2,)',
      'update item (1,b)',
      'update item K(2,) -> (3,)',
      'delete item K(1,)',
      'truncate item',
    ]);
    expect(transactions.map(({ changes }) => changes.length)).toEqual([2, 2, 1, 1]);
    const ends = transactions.map(({ endLsn }) => endLsn);
    expect(ends).toEqual([...ends].sort((one, other) => (one < other ? -1 : 1)));
    expect(Math.abs((transactions[0]?.committedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('a rolled back transaction and a rolled back savepoint leave nothing', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key, name text)');
    const { stream } = await database.stream(['public.item']);
    await database.run(`begin; insert into item values (1, 'a'); rollback`);
    await database.run(
      `begin; insert into item values (2, 'b'); savepoint s; insert into item values (3, 'c'); rollback to s; commit`,
    );
    expect(sayChanges(await takeAll(database, stream))).toEqual(['insert item (2,b)']);
  });

  test('an unchanged TOAST value is absent; under REPLICA IDENTITY FULL the old row has it', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table doc (id int8 primary key, title text, body text);
      alter table doc alter column body set storage external;
      create table full_doc (like doc including all);
      alter table full_doc replica identity full;
      insert into doc values (1, 'one', repeat('x', 10000));
      insert into full_doc select * from doc`);
    const { stream } = await database.stream(['public.doc', 'public.full_doc']);
    await database.run(`
      update doc set title = 'two';
      update doc set id = 2;
      update full_doc set title = 'two'`);
    const body = 'x'.repeat(10_000);
    expect(sayChanges(await takeAll(database, stream))).toEqual([
      'update doc (1,two,(unchanged))',
      'update doc K(1,,) -> (2,two,(unchanged))',
      `update full_doc O(1,one,${body}) -> (1,two,(unchanged))`,
    ]);
  });

  test('REPLICA IDENTITY FULL and USING INDEX say what their old rows hold', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table whole (id int8 primary key, name text);
      alter table whole replica identity full;
      create table coded (id int8 primary key, code text not null unique, name text);
      alter table coded replica identity using index coded_code_key;
      insert into whole values (1, 'a');
      insert into coded values (1, 'c', 'a')`);
    const { stream } = await database.stream(['public.whole', 'public.coded']);
    await database.run(`
      update whole set name = 'b';
      delete from whole;
      update coded set name = 'b';
      update coded set code = 'd';
      delete from coded`);
    const transactions = await takeAll(database, stream);
    expect(sayChanges(transactions)).toEqual([
      'update whole O(1,a) -> (1,b)',
      'delete whole O(1,b)',
      'update coded (1,c,b)',
      'update coded K(,c,) -> (1,d,b)',
      'delete coded K(,d,)',
    ]);
    const keys = new Map(
      transactions.flatMap(({ changes }) =>
        changes.map(({ relation }) => [relation.table, [relation.identity, relation.key]] as const),
      ),
    );
    expect(keys).toEqual(
      new Map([
        ['whole', ['full', [0]]],
        ['coded', ['index', [1]]],
      ]),
    );
  });

  test('a transaction over several tables stays one; truncate cascade names all', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table parent (id int8 primary key);
      create table child (id int8 primary key, parent_id int8 references parent)`);
    const { stream } = await database.stream(['public.*']);
    await database.run(
      'begin; insert into parent values (1); insert into child values (1, 1); insert into parent values (2); commit',
    );
    await database.run('truncate parent cascade');
    const transactions = await takeAll(database, stream);
    expect(transactions.slice(0, 2).map((transaction) => sayChanges([transaction]))).toEqual([
      ['insert parent (1)', 'insert child (1,1)', 'insert parent (2)'],
      ['truncate parent cascade', 'truncate child cascade'],
    ]);
  });

  test('rows of partitions come under the name of their root; a move between them is delete and insert', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table event (id int8, region text, note text, primary key (id, region)) partition by list (region);
      create table event_eu partition of event for values in ('eu');
      create table event_us partition of event for values in ('us')`);
    const { stream } = await database.stream(['public.event*']);
    await database.run(`
      insert into event values (1, 'eu', 'a');
      update event set note = 'b';
      update event set region = 'us';
      delete from event`);
    expect(sayChanges(await takeAll(database, stream))).toEqual([
      'insert event (1,eu,a)',
      'update event (1,eu,b)',
      'delete event K(1,eu,)',
      'insert event (1,us,b)',
      'delete event K(1,us,)',
    ]);
  });

  test('a table without a key brings inserts and truncates, and its updates are not refused', async () => {
    await using database = await server.createDatabase();
    await database.run('create table journal (line text); create table item (id int8 primary key)');
    const { stream } = await database.stream(['public.*']);
    await database.run(`
      insert into journal values ('a');
      update journal set line = 'b';
      delete from journal;
      truncate journal;
      insert into item values (1)`);
    const transactions = await takeAll(database, stream);
    expect(sayChanges(transactions).slice(0, 3)).toEqual([
      'insert journal (a)',
      'truncate journal',
      'insert item (1)',
    ]);
    expect(transactions[0]?.changes[0]?.relation.key).toEqual([]);
  });

  test('a column added in the stream makes a new relation from there on, and only then', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key, name text not null)');
    const { source, stream } = await database.stream(['public.item']);
    const [listed] = await source.listTables(['public.item']);
    await database.run(`insert into item values (1, 'a')`);
    await database.run('analyze item');
    await database.run(`insert into item values (2, 'b')`);
    await database.run('alter table item add column price numeric(12,2) not null default 0');
    await database.run(`insert into item values (3, 'c', 1.5)`);
    await database.run(
      `begin; insert into item values (4, 'd', 1); alter table item drop column name; insert into item values (5, 2); commit`,
    );
    const relations = (await takeAll(database, stream)).flatMap(({ changes }) =>
      changes.map(({ relation }) => relation),
    );
    expect(relations.map(({ columns }) => columns.map(({ name }) => name))).toEqual([
      ['id', 'name'],
      ['id', 'name'],
      ['id', 'name', 'price'],
      ['id', 'name', 'price'],
      ['id', 'price'],
    ]);
    expect(relations[0]).toBe(listed?.relation);
    expect(relations[1]).toBe(relations[0]);
    expect(relations[3]).toBe(relations[2]);
    const price = relations[2]?.columns[2];
    expect(price).toMatchObject({ typeText: 'numeric(12,2)', nullable: false, index: 2 });
    expect(relations[4]?.columns[1]).toEqual({ ...price, index: 1 });
  });

  test('values of every kind of type are what the server itself would read', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create type mood as enum ('calm', 'wild');
      create domain price as numeric(10,4) check (value >= 0);
      create domain dear as price not null;
      create table thing (
        id int8 primary key, feeling mood, feelings mood[], cost dear, doc jsonb, tags text[], grid int4[],
        at timestamptz, amount numeric, plain json, key uuid, span int4range, flag bool, place point, raw bytea)`);
    const { stream } = await database.stream(['public.thing']);
    await database.run(`
      insert into thing values (
        1, 'wild', '{calm,wild}', 12.3456, '{"a": [1, null]}', '{x,NULL,"y,z"}', '{{1,2},{3,4}}',
        '2026-02-03 04:05:06.789012+02', 'NaN', '{"b":1}', '11111111-2222-3333-4444-555555555555', '[1,5)', true,
        '(1,2)', '\\x0001ff')`);
    const [transaction] = await takeAll(database, stream);
    const change = transaction?.changes[0];
    if (change?.kind !== 'insert') throw new Error('no insert came');
    const { relation, after } = change;
    const casts = relation.columns.map(({ typeText }, place) => `$${place + 1}::${typeText}`);
    const values = relation.columns.map(({ index }) => {
      const { start, end } = readColumn(after, index);
      return after.subarray(start, end);
    });
    const [same] = await database.run<{ same: boolean }>(
      `select (row(${casts.join(', ')})::public.thing)::text = thing::text as same from thing`,
      values,
    );
    expect(same).toEqual({ same: true });
    const described = Object.fromEntries(relation.columns.map((column) => [column.name, column]));
    expect(described['feeling']).toMatchObject({
      typeText: 'public.mood',
      typeKind: 'e',
      enumLabels: ['calm', 'wild'],
    });
    expect(described['feelings']).toMatchObject({
      typeText: 'public.mood[]',
      typeCategory: 'A',
      enumLabels: ['calm', 'wild'],
    });
    expect(described['cost']).toMatchObject({
      typeText: 'public.dear',
      typeKind: 'd',
      baseTypeOid: 1700,
      baseTypeText: 'numeric(10,4)',
    });
    expect(described['at']).toMatchObject({ typeOid: 1184, typeText: 'timestamp with time zone' });
  });

  test('generated and dropped columns are left out, and the rest keep their places', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table line (id int8 primary key, gone text, amount int4, twice int4 generated always as (amount * 2) stored,
                         note text);
      alter table line drop column gone`);
    const { source, stream } = await database.stream(['public.line']);
    const [listed] = await source.listTables(['public.line']);
    await database.run(`insert into line (id, amount, note) values (1, 5, 'n')`);
    const transactions = await takeAll(database, stream);
    expect(sayChanges(transactions)).toEqual(['insert line (1,5,n)']);
    expect(transactions[0]?.changes[0]?.relation).toBe(listed?.relation);
  });
});
