import { afterAll, describe, expect, test } from 'vitest';
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
});
