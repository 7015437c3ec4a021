import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { parseLsn } from '@spine/kernel/lsn';
import { expect, test } from 'vitest';
import { type CopyInput, FencedOut } from './sink.ts';
import { copyAll, createSinkPair, type SinkPair } from './sink-pair-suite.ts';

async function withRows(rows: number) {
  const pair = await createSinkPair();
  await pair.atSource(`create table t (id bigint primary key, body text);
                       insert into t select n, repeat('x', 100) from generate_series(1, ${rows}) as n`);
  const table = await pair.table('t');
  const session = await pair.open();
  await session.prepareTable(table);
  const input = (change: Partial<CopyInput> = {}): CopyInput => ({
    table,
    startLsn: parseLsn('0/2'),
    rows: change.rows ?? pair.copy('t'),
    onProgress: () => undefined,
    beforeCommit: async () => undefined,
    signal: new AbortController().signal,
    ...change,
  });
  return { pair, session, table, input };
}

const countAt = async (pair: SinkPair) => (await pair.atSink('select count(*)::int from t'))[0];

test('rows and the note that they are complete are committed together, after the hook', async () => {
  const { pair, session, input } = await withRows(5_000);
  await using _ = pair;
  const progress: number[] = [];
  let seenBefore: unknown;
  const { rows } = await session.copyTable(
    input({
      onProgress: (count) => void progress.push(count),
      beforeCommit: async (count) => {
        seenBefore = [count, await countAt(pair)];
      },
    }),
  );
  expect(rows).toBe(5_000n);
  expect(seenBefore).toEqual([5_000, { count: 0 }]);
  expect(progress.at(-1)).toBe(5_000);
  expect(await countAt(pair)).toEqual({ count: 5_000 });
  await session.close();
  const [known] = (await pair.open()).tables;
  expect(known).toEqual({
    schema: 'public',
    table: 't',
    startLsn: parseLsn('0/2'),
    rows: 5_000n,
    contractVersion: 1,
  });
});

test('a second copy takes the place of the first', async () => {
  const { pair, session, table } = await withRows(10);
  await using _ = pair;
  await copyAll(pair, session, table);
  await pair.atSource('delete from t where id > 4');
  await session.forgetTable('public', 't');
  await copyAll(pair, session, table);
  expect(await countAt(pair)).toEqual({ count: 4 });
});

test('whatever breaks a copy leaves nothing, and the session can be used on', async () => {
  const { pair, session, table, input } = await withRows(20_000);
  await using _ = pair;
  const cases: readonly Partial<CopyInput>[] = [
    { beforeCommit: async () => Promise.reject(new Error('the ledger said no')) },
    { rows: cutOff(pair) },
    { rows: breaking(pair) },
    { signal: AbortSignal.abort(new Error('drain')) },
  ];
  for (const change of cases) {
    await expect(session.copyTable(input(change))).rejects.toThrow(
      /said no|before their trailer|broke|drain/,
    );
    expect(await countAt(pair)).toEqual({ count: 0 });
  }
  await pair.atSink('alter table t add constraint small check (id < 15000)');
  await expect(session.copyTable(input())).rejects.toMatchObject({ code: '23514' });
  await pair.atSink('alter table t drop constraint small');
  const drain = new AbortController();
  const stuck = session.copyTable(input({ rows: new PassThrough(), signal: drain.signal }));
  setTimeout(() => drain.abort(new Error('drain')), 100);
  await expect(stuck).rejects.toThrow('drain');
  expect(await countAt(pair)).toEqual({ count: 0 });
  expect(await copyAll(pair, session, table)).toBe(20_000n);
});

test('an epoch that is raised while rows are copied keeps them out', async () => {
  const { pair, session, input } = await withRows(1_000);
  await using _ = pair;
  const rows = new PassThrough();
  const copying = session.copyTable(input({ rows }));
  const outcome = expect(copying).rejects.toBeInstanceOf(FencedOut);
  rows.write(Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1'));
  await pair.atSink('update _spine.checkpoint set epoch = epoch + 1');
  rows.end(Buffer.from([0xff, 0xff]));
  await outcome;
  expect(await pair.atSink(`select state from _spine.route_table`)).toEqual([{ state: 'prepared' }]);
});

/** A source whose bytes end in the middle of a row. */
function cutOff(pair: SinkPair): NodeJS.ReadableStream {
  const out = new PassThrough();
  void (async () => {
    const rows = pair.copy('t');
    const [chunk] = await once(rows, 'data');
    out.end(chunk.subarray(0, chunk.length - 7));
    rows.resume();
  })();
  return out;
}

/** A source that fails after its first bytes. */
function breaking(pair: SinkPair): NodeJS.ReadableStream {
  const out = new PassThrough();
  out.on('error', () => undefined);
  void (async () => {
    const rows = pair.copy('t');
    const [chunk] = await once(rows, 'data');
    out.write(chunk, () => out.destroy(new Error('the source broke')));
    rows.resume();
  })();
  return out;
}
