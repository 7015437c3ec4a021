import { parseLsn } from '@spine/kernel/lsn';
import { systemClock } from '@spine/platform/clock';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliveredTable } from '../domain/delivered-table.ts';
import { createPostgresSource } from '../source/postgres-source.ts';
import { createPostgresSink } from './postgres-sink.ts';

// Values of every common type go from a real source to a real sink, by the first copy and by the stream, to the bit.
const columns = `id uuid primary key, i2 smallint, i4 int, i8 bigint, f4 real, f8 float8, n numeric, n2 numeric(12, 2), b bool,
  t text, v varchar(20), c char(5), by bytea, d date, ti time, tz timetz, ts timestamp(3), tstz timestamptz, iv interval,
  j json, jb jsonb, ip inet, ci cidr, m macaddr, r int4range, tv tsvector, x xml, mood mood, dom price, ai int[], at text[],
  am mood[], big text, bits bit(3)`;
const values = (
  n: number,
) => `gen_random_uuid(), ${n}, ${n} * 7, ${n}::bigint << 40, 1.5, 1e300, 12345678901234567890.123456789, -0.05, true,
  E'tab\\there \\u00fc', 'vary', 'ab', '\\x00ff10', '2024-02-29', '23:59:59.999999', '12:00+02', '2024-01-01 00:00:00.123',
  '0044-03-15 12:00:00+00 BC', '1 mon -2 days 03:04:05.6', '{"a": 1,  "b":2}', '{"b": [1, null], "a": "x"}', '10.0.0.1/8',
  '10.0.0.0/8', '08:00:2b:01:02:03', '[1,5)', 'a:1 b:2', '<a/>', 'happy', 9.99, '{{1,2},{3,NULL}}', '{"a,b","c\\"d",NULL}',
  '{happy,sad}', repeat(md5('${n}'), 300), b'101'`;

let source: TestPostgres;
let sink: TestPostgres;

beforeAll(async () => {
  source = await startPostgres({ version: 'embedded' });
  sink = await startPostgres({ version: 'embedded' });
});
afterAll(async () => {
  await source?.stop();
  await sink?.stop();
});

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

const content = async (url: string) =>
  (await query(url, 'select t::text as row from types t order by id')).rows;

describe('values', () => {
  test('are equal at the sink to the bit: copied, inserted, updated with unchanged TOAST, renamed and deleted', async () => {
    await query(
      source.url,
      `create type mood as enum ('sad', 'ok', 'happy'); create domain price as numeric(10, 2) check (value > 0);
      create table types (${columns}); insert into types select ${values(1)} from generate_series(1, 50); insert into types (id) values (gen_random_uuid())`,
    );
    const log = createRecordingLog();
    const changes = createPostgresSource({
      url: source.url,
      route: 'r',
      slotName: 's',
      publicationName: 'p',
      log,
      clock: systemClock,
      heartbeatMs: 0,
    });
    const side = createPostgresSink({ url: sink.url, route: 'r', log, clock: systemClock });
    const signal = new AbortController().signal;
    const catalog = await changes.listTables(['public.*']);
    await changes.publish(catalog);
    const snapshot = await changes.createSlot();
    const session = await side.takeOver(signal);
    await session.initialise({ lsn: snapshot.consistentPoint, systemId: '1', timeline: 1, slot: 's' });
    const [entry] = catalog;
    if (entry === undefined) throw new Error('the table is not listed');
    const table = deliveredTable(entry.relation, [], null, 1);
    await session.prepareTable(table);
    const { rows } = await session.copyTable({
      table,
      startLsn: snapshot.consistentPoint,
      rows: await changes.copyTable(entry.relation, snapshot.name, signal),
      onProgress: () => undefined,
      beforeCommit: async () => undefined,
      signal,
    });
    await snapshot.release();
    expect(rows).toBe(51n);
    expect(await content(sink.url)).toEqual(await content(source.url));

    const stream = await changes.stream(snapshot.consistentPoint);
    await query(source.url, `insert into types select ${values(2)} from generate_series(1, 20)`);
    await query(source.url, `update types set i4 = 99, at = '{new}' where i2 = 1`);
    await query(source.url, `update types set id = gen_random_uuid() where i2 = 2`);
    await query(source.url, `delete from types where ctid in (select ctid from types where i4 = 99 limit 5)`);
    const end = parseLsn((await query(source.url, 'select pg_current_wal_lsn()::text as lsn')).rows[0].lsn);
    let from = snapshot.consistentPoint;
    while (from < end) {
      const take = await stream.take({ maxChanges: 1_000, maxBytes: 1 << 24, waitMs: 500 }, signal);
      const last = take.transactions.at(-1);
      if (last !== undefined) {
        const all = take.transactions.flatMap((transaction) => transaction.changes);
        const [head] = all;
        if (head === undefined) continue;
        const delivery = await session.deliver({
          id: 'x',
          route: 'r',
          start: from,
          end: last.endLsn,
          changeCount: all.length,
          tables: [{ table: deliveredTable(head.relation, [], null, 1), changes: all }],
        });
        await delivery.commit();
      }
      from = take.position;
    }
    expect(await content(sink.url)).toEqual(await content(source.url));
    await stream.close();
    await changes.close();
    await side.close();
  });
});
