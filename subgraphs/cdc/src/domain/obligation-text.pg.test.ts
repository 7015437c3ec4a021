import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalTextOf } from './obligation-text.ts';
import { aColumn } from './relation-builder.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`set timezone = 'UTC'; create type mood as enum ('sad', 'glad''s')`);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const samples: readonly (readonly [type: string, send: string, values: readonly string[]])[] = [
  ['bool', 'boolsend', ['true', 'false']],
  ['int2', 'int2send', ['-32768', '0', '32767']],
  ['int4', 'int4send', ['-2147483648', '7']],
  ['int8', 'int8send', ['-9223372036854775808', '9007199254740993']],
  [
    'float4',
    'float4send',
    [
      '0',
      '-0',
      '1.5',
      '0.1',
      '1e-45',
      '3.4028235e38',
      '999999',
      '1000000',
      '1234567',
      '0.0001',
      '0.00001',
      'NaN',
      '-Infinity',
    ],
  ],
  [
    'float8',
    'float8send',
    [
      '0.1',
      '-0',
      '1e14',
      '1e15',
      '123456789012345',
      '1234567890123456',
      '1e22',
      '0.0001',
      '0.00001234',
      '5e-324',
      '1.7976931348623157e308',
      'Infinity',
      '-12345.678',
    ],
  ],
  [
    'numeric',
    'numeric_send',
    [
      '0',
      '-0.5',
      '1.00',
      '10000',
      '10001.0001',
      '0.00000001',
      '123456789.987654321',
      '1e30',
      '-1e-12',
      '99999999.99990',
      'NaN',
      'Infinity',
      '-Infinity',
      '0.000',
    ],
  ],
  ['text', 'textsend', ['', 'grüße 😀', 'a  ']],
  ['varchar(9)', 'varcharsend', ['abc  ']],
  ['char(6)', 'bpcharsend', ['ab', '']],
  ['name', 'namesend', ['ab']],
  ['uuid', 'uuid_send', ['00112233-4455-6677-8899-aabbccddeeff']],
  [
    'date',
    'date_send',
    [
      '2000-01-01',
      '1999-12-31',
      '2024-02-29',
      '1900-03-01',
      '0001-01-01',
      '0044-03-15 BC',
      '4714-11-24 BC',
      '9999-12-31',
      '294276-01-01',
      'infinity',
      '-infinity',
    ],
  ],
  [
    'timestamp',
    'timestamp_send',
    [
      '2024-02-29 12:30:00',
      '1969-12-31 23:59:59.999999',
      '2001-02-03 04:05:06.7',
      '0001-01-01 00:00:00 BC',
      'infinity',
      '-infinity',
    ],
  ],
  [
    'timestamptz',
    'timestamptz_send',
    ['2024-02-29 12:30:00+02', '1999-12-31 23:59:59.000001+00', '0044-03-15 01:02:03+00 BC', 'infinity'],
  ],
  ['bytea', 'byteasend', ['\\x', '\\x00ff10']],
  ['json', 'json_send', ['{"b": 1,  "a":[null]}']],
  ['jsonb', 'jsonb_send', ['{"b": 1,  "a":[null, 1.50]}']],
  ['mood', 'enum_send', ['sad', "glad's"]],
  ['oid', 'oidsend', ['0', '4294967295']],
  ['time', 'time_send', ['00:00:00', '12:30:00.5', '24:00:00']],
  ['timetz', 'timetz_send', ['12:30:00+02', '12:30:00.000001-05:30', '23:59:59+00', '01:02:03-11:22:33']],
  [
    'interval',
    'interval_send',
    [
      '0',
      '1 year 2 months 3 days 04:05:06.7',
      '-1 year 2 days -3 hours',
      '-2 months 4 hours',
      '-13 months',
      '1 mon 1 day',
      '-0.000001 s',
      '178956970 years',
      '1000000 hours',
      'infinity',
      '-infinity',
    ],
  ],
  [
    'inet',
    'inet_send',
    [
      '10.0.0.1',
      '10.1.2.3/8',
      '::',
      '::1',
      '::2/64',
      '2001:db8::1:0:0:1',
      '2001:db8:0:1:1:1:1:1',
      '1:0:0:2::',
      '::ffff:1.2.3.4',
      '::1.2.3.4',
      '1:2:3:4:5:6:7:8/127',
      'fe80::/10',
      '::ffff:0:1.2.3.4',
      '0:1:2:3:4:5:6:7',
    ],
  ],
  ['cidr', 'cidr_send', ['10.0.0.0/8', '192.168.1.7/32', '2001:db8::/32', '::/0']],
  ['macaddr', 'macaddr_send', ['08:00:2b:01:02:03']],
  ['macaddr8', 'macaddr8_send', ['08:00:2b:01:02:03:04:05']],
  ['bit(3)', 'bit_send', ['101', '000']],
  ['varbit', 'varbit_send', ['', '1', '101100111']],
  [
    'tsvector',
    'tsvectorsend',
    ['', 'fat cat', 'a:1A,2 b:3B c:4C d:16383', "'it''s' 'back\\\\slash' 'spaced word':7"],
  ],
  ['int4range', 'range_send', ['empty', '[1,5)', '(,3]', '[2,)', '(,)']],
  ['int8range', 'range_send', ['[-9223372036854775808,9007199254740993)']],
  ['numrange', 'range_send', ['[1.50,2.5]', '(-1,)']],
  ['daterange', 'range_send', ['[2024-01-01,2024-02-01)', '[0044-03-15 BC,infinity)']],
  ['tsrange', 'range_send', ['[2024-01-01 00:00:00,2024-02-01 12:00:00.5)']],
  ['tstzrange', 'range_send', ['(2024-01-01 00:00:00+02,)']],
  ['int4multirange', 'multirange_send', ['{}', '{[1,3),[5,7)}']],
  ['tsmultirange', 'multirange_send', ['{[2024-01-01 00:00:00,2024-01-02 00:00:00),[2025-01-01 00:00:00,)}']],
  ['nummultirange', 'multirange_send', ['{[1.5,2)}']],
  ['datemultirange', 'multirange_send', ['{[2024-01-01,2024-01-02)}']],
  ['tstzmultirange', 'multirange_send', ['{(,2024-01-01 00:00:00+00)}']],
  ['int8multirange', 'multirange_send', ['{[1,2)}']],
];

test.each(samples)('the canonical text of %s is what Postgres casts it to', async (type, send, values) => {
  for (const value of values) {
    const { rows } = await client.query<{ bytes: Buffer; text: string; oid: number }>(
      `select ${send}(v) as bytes, v::text as text, pg_typeof(v)::oid::int as oid from (select $1::${type} as v) as given`,
      [value],
    );
    const row = rows[0];
    expect(row).toBeDefined();
    if (row === undefined) return;
    const column = aColumn({ typeOid: row.oid, typeKind: type === 'mood' ? 'e' : 'b', typeText: type });
    expect(canonicalTextOf(column)(row.bytes, 'b').toString('utf8')).toBe(row.text);
  }
});
