import { findPostgres15, type TestPostgres } from '@spine/testkit/start-postgres';
import { afterAll, describe, expect, test } from 'vitest';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import {
  aBatch,
  copyAll,
  createSinkPair,
  deliverAll,
  inserts,
  type SinkPair,
  startSink15,
} from './sink-pair-suite.ts';

const setup = `
  create schema extra;
  create type public.mood as enum ('sad', 'ok', 'very "glad"');
  create type extra."Odd Name" as enum ('a''b', 'c');
  create domain public.price as numeric(10,4) check (value >= 0);
  create domain public.dear as public.price not null;
  create domain public.feeling as public.mood;`;

/** Columns that every value must pass through to the bit; sixty-four bits and odd scales where they matter. */
const plainColumns: readonly (readonly [type: string, values: readonly (string | null)[]])[] = [
  ['bool', ['true', 'false', null]],
  ['int2', ['-32768', '32767', null]],
  ['int4', ['-2147483648', '2147483647', null]],
  ['int8', ['-9223372036854775808', '9223372036854775807', null]],
  ['float4', ['0.1', 'NaN', '-Infinity']],
  ['float8', ['5e-324', '-0', '1.7976931348623157e308']],
  ['numeric', ['NaN', '123456789012345678901234567890.123456789', '1.000']],
  ['numeric(12,2)', ['1.5', '-9999999999.99', null]],
  ['money', ['12.34', '-0.01', null]],
  ['text', ['', 'grüße 😀', null]],
  ['varchar(5)', ['abc  ', '', null]],
  ['char(6)', ['ab', '', null]],
  ['"char"', ['x', '', null]],
  ['name', ['n', '', null]],
  ['bytea', ['\\x', '\\x00ff', null]],
  ['uuid', ['00112233-4455-6677-8899-aabbccddeeff', null, null]],
  ['date', ['infinity', '0044-03-15 BC', '2024-02-29']],
  ['time(3)', ['24:00:00', '00:00:00.123', null]],
  ['timetz', ['12:00:00.000001+05:30', '23:59:59-12', null]],
  ['timestamp', ['-infinity', '2024-02-29 12:30:00.000001', null]],
  ['timestamptz(2)', ['infinity', '1999-12-31 23:59:59.99+00', null]],
  ['interval', ['1 year -2 mons 3 days -04:05:06.789', '0', null]],
  ['interval day to second(2)', ['3 days 01:02:03.45', '0', null]],
  ['json', ['{"b": 1,  "a":[null]}', 'null', null]],
  ['jsonb', ['{"b": 1, "a": [null, 1.50, "x"]}', 'null', null]],
  ['xml', ['<a>&lt;</a>', null, null]],
  ['inet', ['10.0.0.1/8', '::1', null]],
  ['cidr', ['10.0.0.0/8', null, null]],
  ['macaddr', ['08:00:2b:01:02:03', null, null]],
  ['bit(4)', ['1010', '0000', null]],
  ['varbit(9)', ['101', '', null]],
  ['point', ['(1.5,-2)', null, null]],
  ['int4range', ['[1,5)', 'empty', '(,)']],
  ['tstzrange', ['["2024-01-01 00:00+00",)', null, null]],
  ['int4multirange', ['{[1,3),[5,7)}', '{}', null]],
  ['tsvector', ["'a':1A 'b':2", '', null]],
  ['pg_lsn', ['16/B374D848', '0/0', null]],
  ['public.mood', ['sad', 'very "glad"', null]],
  ['extra."Odd Name"', ["a'b", 'c', null]],
  ['public.price', ['0.0001', '999999.9999', null]],
  ['public.feeling', ['ok', 'sad', null]],
];

/** Columns that unnest would take apart: their table goes through a stage. */
const composedColumns: readonly (readonly [type: string, values: readonly (string | null)[]])[] = [
  ['int4[]', ['{{1,2},{3,NULL}}', '{}', '[0:1]={7,8}']],
  ['text[]', ['{"a,b",NULL,""}', '{{x,y},{z,w}}', null]],
  ['numeric(6,2)[]', ['{1.50,NaN}', '{}', null]],
  ['public.mood[]', ['{sad,"very \\"glad\\""}', '{{ok,NULL}}', null]],
  ['timestamptz[]', ['{infinity,"2024-02-29 12:30:00+00"}', '{}', null]],
  ['jsonb[]', ['{"{\\"a\\": 1}"}', '{}', null]],
  ['public.mood', ['ok', null, null]],
  ['numeric(12,2)', ['1.5', null, null]],
];

const servers: readonly { readonly name: string; readonly start: () => Promise<TestPostgres> | undefined }[] =
  [
    { name: 'the embedded Postgres', start: () => undefined },
    ...(findPostgres15() === null ? [] : [{ name: 'Postgres 15', start: startSink15 }]),
  ];
if (findPostgres15() === null) {
  process.stderr.write('not run with a sink on Postgres 15: it is not installed in /usr/lib/postgresql/15\n');
}

describe.each(servers)('at a sink on $name', ({ start }) => {
  const starting = start();
  afterAll(async () => {
    await (await starting)?.stop();
  });

  test.each([
    ['plain columns', plainColumns],
    ['arrays and what stands beside them', composedColumns],
  ])('%s arrive to the bit, by copy and by stream', async (_, columns) => {
    await using pair = await createSinkPair(await starting);
    await pair.atSource(setup);
    const definitions = columns.map(([type], place) => `c${place} ${type}`).join(', ');
    await pair.atSource(`create table samples (id bigint primary key, ${definitions})`);
    const rows = Math.max(...columns.map(([, values]) => values.length));
    for (let row = 0; row < rows; row += 1) {
      await pair.atSource(
        `insert into samples values (${row}, ${columns.map(([type], place) => `$${place + 1}::text::${type}`).join(', ')})`,
        columns.map(([, values]) => values[row] ?? null),
      );
    }
    const samples = await pair.table('samples');
    const expected = await contentAt(pair.atSource, columns.length);
    expect(expected).toHaveLength(rows);

    const session = await pair.open();
    await session.prepareTable(samples);
    expect(await copyAll(pair, session, samples)).toBe(BigInt(rows));
    expect(await contentAt(pair.atSink, columns.length)).toEqual(expected);

    const tuples = await pair.tuples('samples');
    await pair.atSink('truncate samples');
    const changes = inserts(samples.relation, tuples);
    await deliverAll(session, aBatch('0/10', { table: samples, changes }));
    expect(await contentAt(pair.atSink, columns.length)).toEqual(expected);

    // The same rows once more, then a key that moves while nothing else is sent, and one that goes.
    await deliverAll(session, aBatch('0/20', { table: samples, changes: inserts(samples.relation, tuples) }));
    expect(await contentAt(pair.atSink, columns.length)).toEqual(expected);
    const nothing = Array.from({ length: columns.length }, () => null);
    const unsent = Array.from({ length: columns.length }, () => 'unchanged' as const);
    const { relation } = samples;
    await deliverAll(
      session,
      aBatch('0/30', {
        table: samples,
        changes: [
          {
            kind: 'update',
            relation,
            after: aTuple(int8(100), ...unsent),
            before: aTuple(int8(0), ...nothing),
            beforeKind: 'K',
          },
          { kind: 'delete', relation, before: aTuple(int8(1), ...nothing), beforeKind: 'K' },
        ],
      }),
    );
    const moved = await contentAt(pair.atSink, columns.length);
    const [first, , ...others] = expected;
    expect(moved).toEqual([...others, { ...first, id: '100' }]);
  });
});

test('the sink has the modifiers of the source, domains as their base, enums as enums', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(setup);
  await pair.atSource(`create table t (id int primary key, a numeric(12,2), b varchar(7), c public.dear, d public.feeling,
                       e public.mood[], f timestamptz(3), g extra."Odd Name" not null)`);
  const session = await pair.open();
  await session.prepareTable(await pair.table('t'));
  const columns = await pair.atSink<{ line: string }>(
    `select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end as line
     from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum`,
  );
  expect(columns.map(({ line }) => line)).toEqual([
    'id integer not null',
    'a numeric(12,2)',
    'b character varying(7)',
    'c numeric(10,4)',
    'd mood',
    'e mood[]',
    'f timestamp(3) with time zone',
    'g extra."Odd Name"',
  ]);
});

test('a value that the source can send as text only is cast at the sink', async () => {
  await using pair = await createSinkPair();
  await pair.atSource('create table t (id bigint primary key, n numeric(6,2), note text)');
  const table = await pair.table('t');
  const session = await pair.open();
  await session.prepareTable(table);
  const rows = [
    aTuple(int8(1), { text: '1.5' }, { text: 'as text' }),
    aTuple(int8(2), null, Buffer.from('in binary')),
  ];
  for (const [place, row] of rows.entries()) {
    await deliverAll(session, aBatch(`0/1${place}`, { table, changes: inserts(table.relation, [row]) }));
  }
  expect(await pair.atSink('select * from t order by id')).toEqual([
    { id: '1', n: '1.50', note: 'as text' },
    { id: '2', n: null, note: 'in binary' },
  ]);
});

test('keys of an extension type are compared as that type compares them', async () => {
  await using pair = await createSinkPair();
  for (const at of [pair.atSource, pair.atSink]) await at('create extension citext');
  await pair.atSource('create table t (name public.citext primary key, n bigint)');
  const table = await pair.table('t');
  const { relation } = table;
  const session = await pair.open();
  await session.prepareTable(table);
  const changes = inserts(relation, [
    aTuple(Buffer.from('Ada'), int8(1)),
    aTuple(Buffer.from('Bob'), int8(2)),
  ]);
  await deliverAll(session, aBatch('0/10', { table, changes }));
  const gone = {
    kind: 'delete',
    relation,
    before: aTuple(Buffer.from('ADA'), null),
    beforeKind: 'K',
  } as const;
  await deliverAll(session, aBatch('0/20', { table, changes: [gone] }));
  expect(await pair.atSink('select * from t')).toEqual([{ name: 'Bob', n: '2' }]);
});

/** Rows as Postgres prints them. */
async function contentAt(
  at: SinkPair['atSource'],
  count: number,
): Promise<readonly { readonly id: string }[]> {
  const columns = Array.from({ length: count }, (_, place) => `c${place}`);
  const rows = await at<{ id: string; line: string }>(
    `select id::text, row(${columns.join(', ')})::text as line
     from samples order by samples.id`,
  );
  return rows;
}
