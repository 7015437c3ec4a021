import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import avro from 'avsc';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCopyRows } from '../../sink/kafka/read-copy-rows.ts';
import { decodePgoutput } from '../../source/pgoutput-decoder.ts';
import { readTables } from '../../source/read-catalog.ts';
import { createSourceSession } from '../../source/source-session.ts';
import { createTupleSlab } from '../../source/tuple-slab.ts';
import { deliveredTable } from '../delivered-table.ts';
import { avroRowEncoder } from './encode-row.ts';

type Row = Readonly<Record<string, unknown>>;

const asText = 'c::text';
const micros = '(extract(epoch from c) * 1000000)::int8::text';
const eachAs = (sql: string) =>
  `(select json_agg(${sql} order by place) from unnest(c) with ordinality as e (e, place))`;

/** A type; what a reader of a value must find, in SQL; and values. */
const samples: readonly (readonly [type: string, found: string, values: readonly string[]])[] = [
  ['bool', asText, ['true', 'false']],
  ['int2', asText, ['-32768', '-1', '0', '63', '64', '32767']],
  ['int4', asText, ['-2147483648', '-1073741825', '-1073741824', '1073741823', '1073741824', '2147483647']],
  ['int8', asText, ['-9223372036854775808', '-2147483649', '0', '9007199254740993', '9223372036854775807']],
  ['float4', asText, ['0.5', '-1.5', 'NaN', 'Infinity', '-Infinity']],
  ['float8', asText, ['0.1', '1234.5678', 'NaN', 'Infinity', '-Infinity']],
  ['numeric', asText, ['1.50', '-0.000001', '1e40', 'NaN', '-Infinity']],
  [
    'numeric(12,2)',
    asText,
    ['0.00', '1.27', '1.28', '-1.28', '-1.29', '0.05', '-0.05', '2.55', '9999999999.99', '-9999999999.99'],
  ],
  ['numeric(5,-3)', asText, ['12000']],
  ['price', asText, ['1.2345', '-7.0000']],
  ['text', asText, ['', 'grüße 😀', 'a\tb']],
  ['varchar(9)', asText, ['abc  ']],
  ['char(6)', asText, ['ab']],
  ['bytea', `encode(c, 'hex')`, ['\\x', '\\x00ff10']],
  ['uuid', asText, ['00112233-4455-6677-8899-aabbccddeeff']],
  [
    'date',
    `(c - date '1970-01-01')::text`,
    ['1970-01-01', '1969-12-31', '2024-02-29', '0044-03-15 BC', '5874897-12-31'],
  ],
  ['time', micros, ['00:00:00', '12:30:00.5', '24:00:00']],
  ['timetz', asText, ['12:30:00.25-05:30']],
  ['timestamp', micros, ['1969-12-31 23:59:59.999999', '2024-02-29 12:30:00', '0044-03-15 01:02:03 BC']],
  ['timestamptz', micros, ['2024-02-29 12:30:00+02', '1900-01-01 00:00:00+00']],
  ['interval', asText, ['1 year -2 days 3 hours', '-0.5 s']],
  ['json', asText, ['{"b": 1,  "a":[null]}']],
  ['jsonb', asText, ['{"b": 1,  "a":[null, 1.50]}']],
  ['mood', asText, ['sad', "glad's"]],
  ['inet', asText, ['10.0.0.1', '2001:db8::1/64']],
  ['tsvector', asText, ["'it''s':1A 'cat':2"]],
  ['int4range', asText, ['[1,5)', 'empty']],
  ['tstzmultirange', asText, ['{[2024-01-01 00:00:00+00,2024-01-02 00:00:00+00)}']],
  ['varbit', asText, ['10110']],
  ['int4[]', 'to_json(c::text[])', ['{1,null,-3}', '{}', '[5:6]={7,8}']],
  ['text[]', 'to_json(c)', ['{"a,b",null,"","null"}']],
  ['numeric(10,3)[]', 'to_json(c::text[])', ['{1.500,-2.125,null}']],
  [
    'timestamptz[]',
    eachAs('((extract(epoch from e) * 1000000)::int8)::text'),
    ['{"2024-02-29 12:30:00+02",null}'],
  ],
  ['mood[]', 'to_json(c::text[])', ["{sad,glad's}"]],
  ['inet[]', eachAs('e::text'), ['{10.0.0.1,::1/64}']],
  ['tags', 'to_json(c)', ['{a,null}']],
];

let database: TestDatabase;
let client: pg.Client;
let copied: readonly Row[];
let streamed: readonly Row[];

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    set timezone = 'UTC';
    create type mood as enum ('sad', 'glad''s');
    create domain price as numeric(10,4);
    create domain tags as text[];
    create table samples (id int primary key, ${samples.map(([type], place) => `c${place} ${type}`).join(', ')})`);
  await startStream();
  const rowCount = Math.max(...samples.map(([, , values]) => values.length));
  for (let row = 0; row < rowCount; row += 1) {
    const values = samples.map(([, , given]) => given[row % given.length]);
    await client.query(
      `insert into samples values ($1${samples.map((_, place) => `, $${place + 2}`).join('')})`,
      [row, ...values],
    );
  }
  await client.query('insert into samples values ($1)', [rowCount]);
  copied = await readers('samples', await copiedTuples('samples'));
  streamed = await readers('samples', await streamedTuples());
});

afterAll(async () => {
  await client.query(
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()`,
  );
  await client.end();
  await database.drop();
});

test.each(samples.map(([type, found], place) => [type, found, `c${place}`] as const))(
  'a reader finds in a record what Postgres says of a %s, copied and streamed',
  async (_, found, name) => {
    const { rows } = await client.query<{ found: unknown }>(
      `select ${found} as found from (select id, ${name} as c from samples) as s order by id`,
    );
    const expected = rows.map((row) => row.found);
    expect(expected.at(0)).not.toBeNull();
    expect(copied.map((row) => row[name])).toEqual(expected);
    expect(streamed.map((row) => row[name])).toEqual(expected);
  },
);

test('a value that Avro cannot hold is refused by table and column, and the rows after it are not harmed', async () => {
  await client.query(`
    create table refusals (id int primary key, at timestamptz, day date, price numeric(6,2), grid int[], after text);
    insert into refusals values
      (1, 'infinity', null, null, null, 'x'), (2, null, '-infinity', null, null, 'x'), (3, null, null, 'NaN', null, 'x'),
      (4, null, null, null, '{{1,2},{3,4}}', 'x'), (5, '294276-12-31', null, null, null, 'x'), (6, null, null, null, null, 'x')`);
  const encoder = avroRowEncoder(await table('refusals'), 'shop');
  const outcomes = (await copiedTuples('refusals')).map((tuple) => {
    try {
      return encoder.encodeRow(tuple).toString('latin1');
    } catch (error) {
      return error;
    }
  });
  expect(outcomes.slice(0, 5)).toMatchObject(
    ['at', 'day', 'price', 'grid', 'at'].map((column) => ({
      code: '22000',
      message: expect.stringMatching(new RegExp(`^public.refusals.${column}: `)),
    })),
  );
  expect(outcomes[5]).toBe('\x0c\0\0\0\0\x02\x02x');
});

test('a column of a type that is not read is refused before any row is', async () => {
  await client.query(
    `create type pair as (a int, b int); create table pairs (id int primary key, both_ pair)`,
  );
  const pairs = await table('pairs');
  expect(() => avroRowEncoder(pairs, 'shop')).toThrow(/public\.pairs\.both_: values of type public\.pair/);
});

async function table(name: string) {
  const { rows } = await client.query<{ oid: number }>('select $1::regclass::oid::int8::int4 as oid', [name]);
  const session = createSourceSession({ url: database.url, route: 'test' });
  try {
    const [facts] = await readTables(session.query, [rows[0]?.oid ?? 0]);
    if (facts === undefined) throw new Error(`there is no table ${name}`);
    return deliveredTable(facts.relation, [], null, 1);
  } finally {
    await session.close();
  }
}

/** What a consumer reads who has the schema only, with values as SQL says them. */
async function readers(name: string, tuples: readonly Buffer[]): Promise<readonly Row[]> {
  const encoder = avroRowEncoder(await table(name), 'shop');
  // Times are read as the longs that they are.
  const schema = JSON.parse(encoder.valueSchema, (_, node) => (node?.type === 'long' ? 'long' : node));
  const type = avro.Type.forSchema(schema, {
    registry: { long: longType },
    logicalTypes: { decimal: DecimalText },
  });
  return tuples.map((tuple) => shown(type.fromBuffer(encoder.encodeRow(tuple))));
}

function shown(record: object): Row {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(textOf);
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

async function copiedTuples(name: string): Promise<readonly Buffer[]> {
  const stream = client.query(copyTo(`copy (select * from ${name} order by id) to stdout (format binary)`));
  const tuples: Buffer[] = [];
  for await (const rows of readCopyRows(stream)) tuples.push(...rows);
  return tuples;
}

async function startStream(): Promise<void> {
  await client.query('create publication p for table samples');
  await client.query(`select pg_create_logical_replication_slot('avro_' || current_database(), 'pgoutput')`);
}

async function streamedTuples(): Promise<readonly Buffer[]> {
  const { rows } = await client.query<{ data: Buffer }>(
    `select data from pg_logical_slot_get_binary_changes('avro_' || current_database(), null, null,
       'proto_version', '2', 'publication_names', 'p', 'binary', 'true')`,
  );
  const keep = createTupleSlab();
  return rows
    .map(({ data }) => decodePgoutput(data, 0, data.length, keep))
    .flatMap((message) => (message.kind === 'insert' ? [message.after] : []));
}

/** Longs as bigints: a number would lose digits. */
const longType = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (one: bigint, other: bigint) => (one < other ? -1 : one > other ? 1 : 0),
});

/** A decimal as people write it, by the specification: two's complement, big-endian, `scale` digits after the point. */
class DecimalText extends avro.types.LogicalType {
  readonly #scale: number;
  constructor(schema: avro.Schema, options?: object) {
    super(schema, options);
    this.#scale = typeof schema === 'object' && 'scale' in schema ? Number(schema['scale']) : 0;
  }
  override _fromValue(bytes: Buffer): string {
    const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(this.#scale + 1, '0');
    const point = digits.length - this.#scale;
    return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  }
}
