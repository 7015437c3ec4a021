import { expect, test } from 'vitest';
import type { DeliveredTable } from '../../domain/delivery.ts';
import type { RowDigest } from '../../domain/verify/row-digest.ts';
import { copyAll, createSinkPair } from '../../sink/sink-pair-suite.ts';
import { openSide, type Side } from './read-rows.ts';

test('what policy makes of the source is what stands at the sink, under every obligation', async () => {
  await using pair = await createSinkPair();
  await pair.atSource(`
    create table people (id bigint primary key, email text, phone text, age int, iban varchar(30), card bytea, note text,
                         born date, seen timestamptz, home inet, tags text[], plain numeric(8,2));
    insert into people
      select n, 'p' || n || '@example.org', '+49 ' || n, n, 'DE' || n, '\\x01', 'grüße ' || n, date '1980-01-01' + n,
             timestamptz '2024-01-01 00:00+00' + n * interval '1 hour', '10.0.0.1', '{a,b}', n / 4.0
      from generate_series(1, 50) as n;
    insert into people (id) values (0)`);
  const people = await pair.table('people', [
    { type: 'tokenise', fields: ['id', 'home'] },
    { type: 'tokenise', fields: ['phone', 'iban'], keep: 'format' },
    { type: 'hash', fields: ['email', 'age', 'seen'] },
    { type: 'mask', fields: ['tags'] },
    { type: 'drop', fields: ['card'] },
    { type: 'truncate', fields: ['born'], to: 4 },
    { type: 'truncate', fields: ['note'], to: 3 },
  ]);
  const session = await pair.open();
  await session.prepareTable(people);
  await copyAll(pair, session, people);

  const read = async (side: Side, url: string) => sorted(await digests(side, url, people));
  const [source, sink] = [await read('source', pair.sourceUrl), await read('sink', pair.sinkUrl)];
  expect(source).toHaveLength(51);
  expect(source).toEqual(sink);

  await pair.atSink(`update people set note = 'gru' where born = '1980' and phone is not null`);
  expect(await read('sink', pair.sinkUrl)).not.toEqual(sink);
});

async function digests(side: Side, url: string, table: DeliveredTable): Promise<readonly RowDigest[]> {
  const view = await openSide(url, side, 'test');
  try {
    const rows: RowDigest[] = [];
    for await (const some of view.rows(table, null)) rows.push(...some);
    return rows;
  } finally {
    await view.close();
  }
}

/** The key is shown only of rows that differ, so it is left out. */
function sorted(rows: readonly RowDigest[]): readonly string[] {
  return rows.map(({ bucket, digest }) => `${bucket} ${digest}`).sort();
}
