import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import type { Batch, DeliveredTable } from '../domain/delivery.ts';
import type { Relation } from '../domain/relation.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { FencedOut, type SinkSession } from './sink.ts';
import { aBatch, createSinkPair, deliverAll, type SinkPair } from './sink-pair-suite.ts';

const row = (id: number, note: string | 'unchanged') =>
  aTuple(int8(id), note === 'unchanged' ? note : Buffer.from(note));
const key = (id: number) => aTuple(int8(id), null);

/** The batch that has these changes of one table, so many a part. */
function inParts(end: string, table: DeliveredTable, changes: readonly Change[], size: number): Batch {
  return {
    ...aBatch(end, { table, changes: [] }),
    changeCount: changes.length,
    async *parts() {
      for (let from = 0; from < changes.length; from += size) {
        yield [{ table, changes: changes.slice(from, from + size) }];
      }
    },
  };
}

async function withTwoTables(): Promise<{
  pair: SinkPair;
  session: SinkSession;
  whole: DeliveredTable;
  cut: DeliveredTable;
}> {
  const pair = await createSinkPair();
  await pair.atSource('create table whole (id int8 primary key, note text)');
  await pair.atSource('create table cut (id int8 primary key, note text)');
  const session = await pair.open();
  const [whole, cut] = [await pair.table('whole'), await pair.table('cut')];
  await session.prepareTable(whole);
  await session.prepareTable(cut);
  return { pair, session, whole, cut };
}

/** What a source could send: every change finds the rows as those before it have left them. */
function historyOf(relation: Relation, steps: readonly (readonly [string, number, number])[]): Change[] {
  const alive = new Set<number>();
  return steps.flatMap(([kind, id, other], step): Change[] => {
    const note = `n${step}`;
    switch (kind) {
      case 'put': {
        if (!alive.has(id)) {
          alive.add(id);
          return [{ kind: 'insert', relation, after: row(id, note) }];
        }
        const after = row(id, other % 2 === 0 ? note : 'unchanged');
        return [{ kind: 'update', relation, after, before: null, beforeKind: null }];
      }
      case 'move': {
        if (!alive.has(id) || alive.has(other)) return [];
        alive.delete(id);
        alive.add(other);
        return [
          { kind: 'update', relation, after: row(other, 'unchanged'), before: key(id), beforeKind: 'K' },
        ];
      }
      case 'remove':
        return alive.delete(id) ? [{ kind: 'delete', relation, before: key(id), beforeKind: 'K' }] : [];
      default:
        if (id > 2) return [];
        alive.clear();
        return [{ kind: 'truncate', relation, cascade: false }];
    }
  });
}

test('changes applied part by part leave what they leave when applied at once', async () => {
  const { pair, session, whole, cut } = await withTwoTables();
  await using _ = pair;
  const step = fc.tuple(
    fc.constantFrom('put', 'put', 'put', 'move', 'remove', 'truncate'),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 8 }),
  );
  let end = 16;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      async (steps, size) => {
        // Both tables begin each round empty.
        const truncate = ({ relation }: DeliveredTable): Change[] => [
          { kind: 'truncate', relation, cascade: false },
        ];
        const ofWhole = [...truncate(whole), ...historyOf(whole.relation, steps)];
        const ofCut = [...truncate(cut), ...historyOf(cut.relation, steps)];
        end += 2;
        await deliverAll(session, aBatch(`0/${end.toString(16)}`, { table: whole, changes: ofWhole }));
        await deliverAll(session, inParts(`0/${(end + 1).toString(16)}`, cut, ofCut, size));
        const [one, two] = await Promise.all([
          pair.atSink('select id, note from whole order by id'),
          pair.atSink('select id, note from cut order by id'),
        ]);
        expect(two).toEqual(one);
      },
    ),
    { numRuns: 40 },
  );
});

test('all parts are one sink transaction: nothing is seen before the commit, and a late fault leaves nothing', async () => {
  const { pair, session, cut } = await withTwoTables();
  await using _ = pair;
  const { relation } = cut;
  const changes = Array.from(
    { length: 30 },
    (__, id): Change => ({ kind: 'insert', relation, after: row(id, 'a') }),
  );
  const torn = inParts('0/10', cut, changes, 10);
  const failing: Batch = {
    ...torn,
    async *parts() {
      yield* torn.parts?.() ?? [];
      throw new Error('the disk is gone');
    },
  };
  await expect(session.deliver(failing)).rejects.toThrow('the disk is gone');
  const delivery = await session.deliver(torn);
  expect(await pair.atSink('select count(*)::int as n from cut')).toEqual([{ n: 0 }]);
  await delivery.commit();
  expect(await pair.atSink('select count(*)::int as n from cut')).toEqual([{ n: 30 }]);
  expect(await pair.atSink('select changes::int from _spine.checkpoint')).toEqual([{ changes: 30 }]);
});

test('a worker that was fenced out changes no row by any part', async () => {
  const { pair, session, cut } = await withTwoTables();
  await using _ = pair;
  await pair.atSink('update _spine.checkpoint set epoch = epoch + 1');
  const { relation } = cut;
  const changes: Change[] = [1, 2, 3].map((id) => ({ kind: 'insert', relation, after: row(id, 'a') }));
  await expect(session.deliver(inParts('0/10', cut, changes, 1))).rejects.toThrow(FencedOut);
  expect(await pair.atSink('select count(*)::int as n from cut')).toEqual([{ n: 0 }]);
});
