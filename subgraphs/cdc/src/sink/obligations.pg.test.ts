import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { aBatch, copyAll, createSinkPair, deliverAll, inserts, testKey } from './sink-pair-suite.ts';

const hash = (text: string) => createHmac('sha256', testKey).update(text).digest('hex');

test('governed columns leave hashed, masked or empty, by copy and by stream alike', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(`
    create table customers (id bigint primary key, email text not null, age int not null, card bytea, tags text[], note text);
    insert into customers values (1, 'ada@example.org', 36, '\\x0102', '{a,b}', 'kept'), (2, 'bob@example.org', 41, null, null, null)`);
  const customers = await pair.table('customers', [
    { type: 'hash', fields: ['email', 'age'] },
    { type: 'mask', fields: ['card'] },
    { type: 'drop', fields: ['tags'] },
  ]);
  const session = await pair.open();
  await session.prepareTable(customers);
  const expected = [
    { id: '1', email: hash('ada@example.org'), age: hash('36'), card: '***', tags: null, note: 'kept' },
    { id: '2', email: hash('bob@example.org'), age: hash('41'), card: null, tags: null, note: null },
  ];
  await copyAll(pair, session, customers);
  expect(await pair.atSink('select * from customers order by id')).toEqual(expected);
  await pair.atSink('truncate customers');
  const changes = inserts(customers.relation, await pair.tuples('customers'));
  await deliverAll(session, aBatch('0/10', { table: customers, changes }));
  expect(await pair.atSink('select * from customers order by id')).toEqual(expected);
});

test('tokens leave in a form of their own or in that of the value, and texts shortened, by copy and by stream alike', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(`
    create table clients (id bigint primary key, phone text, iban varchar(40) not null, born date, seen inet, joined timestamptz);
    insert into clients values
      (1, '+49 30 1234-5678', 'DE02 1203 0000 0000 2020 51', '1984-02-29', '10.0.0.1', '2024-02-29 23:30:00-05'),
      (2, null, 'DE02 1203 0000 0000 2020 51', null, null, null)`);
  const clients = await pair.table('clients', [
    { type: 'tokenise', fields: ['id', 'seen'] },
    { type: 'tokenise', fields: ['phone', 'iban', 'born'], keep: 'format' },
    { type: 'truncate', fields: ['joined'], to: 7 },
  ]);
  const session = await pair.open();
  await session.prepareTable(clients);
  await copyAll(pair, session, clients);
  const copied = await pair.atSink('select * from clients order by phone');
  const iban = expect.stringMatching(/^[A-Z]{2}\d\d \d{4} \d{4} \d{4} \d{4} \d\d$/);
  const token = expect.stringMatching(/^[0-9a-f]{8}\.[\w-]{43}$/);
  expect(copied).toEqual([
    {
      id: token,
      phone: expect.stringMatching(/^\+\d\d \d\d \d{4}-\d{4}$/),
      iban,
      born: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      seen: token,
      joined: '2024-03',
    },
    { id: token, phone: null, iban: copied[0]?.['iban'], born: null, seen: null, joined: null },
  ]);
  expect(JSON.stringify(copied)).not.toMatch(/1234-5678|1203 0000|1984-02/);
  await pair.atSink('truncate clients');
  const changes = inserts(clients.relation, await pair.tuples('clients'));
  await deliverAll(session, aBatch('0/10', { table: clients, changes }));
  expect(await pair.atSink('select * from clients order by phone')).toEqual(copied);
});

test('a hashed key finds its row again: updates, moves and deletes', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create table people (ssn bigint primary key, name text, body text)');
  const people = await pair.table('people', [{ type: 'hash', fields: ['ssn'] }]);
  const { relation } = people;
  const session = await pair.open();
  await session.prepareTable(people);
  const row = (ssn: number, name: string, body: string | 'unchanged') =>
    aTuple(int8(ssn), Buffer.from(name), body === 'unchanged' ? 'unchanged' : Buffer.from(body));
  const key = (ssn: number) => aTuple(int8(ssn), null, null);
  await deliverAll(
    session,
    aBatch('0/10', {
      table: people,
      changes: inserts(relation, [row(1, 'a', 'x'), row(2, 'b', 'y'), row(3, 'c', 'z')]),
    }),
  );
  await deliverAll(
    session,
    aBatch('0/20', {
      table: people,
      changes: [
        { kind: 'update', relation, after: row(1, 'A', 'unchanged'), before: null, beforeKind: null },
        { kind: 'update', relation, after: row(9, 'B', 'unchanged'), before: key(2), beforeKind: 'K' },
        { kind: 'delete', relation, before: key(3), beforeKind: 'K' },
      ],
    }),
  );
  expect(await pair.atSink('select * from people order by name')).toEqual([
    { ssn: hash('1'), name: 'A', body: 'x' },
    { ssn: hash('9'), name: 'B', body: 'y' },
  ]);
});

test('nothing of a governed value stands at the sink, in its tables or its state', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(
    `create table t (id bigint primary key, secret text); insert into t values (1, 'hunter2')`,
  );
  const table = await pair.table('t', [{ type: 'hash', fields: ['secret'] }]);
  const session = await pair.open();
  await session.prepareTable(table);
  await copyAll(pair, session, table);
  const dump = await pair.atSink(
    'select (select json_agg(t) from t)::text || (select json_agg(r) from _spine.route_table r)::text as all',
  );
  expect(JSON.stringify(dump)).toContain(hash('hunter2'));
  expect(JSON.stringify(dump)).not.toContain('hunter2');
});

test('a table is never delivered under other obligations than it was prepared for', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(
    `create table t (id bigint primary key, secret text); insert into t values (1, 'hunter2')`,
  );
  const open = await pair.table('t');
  const governed = await pair.table('t', [{ type: 'mask', fields: ['secret'] }]);
  const session = await pair.open();
  await session.prepareTable(open);
  const changes = inserts(open.relation, await pair.tuples('t'));
  const sameRelation = { ...governed, relation: open.relation };
  await expect(session.deliver(aBatch('0/10', { table: sameRelation, changes }))).rejects.toThrow('prepared');
  await expect(copyAll(pair, session, sameRelation)).rejects.toThrow('prepared');
  expect(await pair.atSink('select * from t')).toEqual([]);
});
