import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from './change.ts';
import { coalesce } from './coalesce.ts';
import { commitChanges, emptySink, runCoalesced, type SourceModel, sourceModel } from './coalesce-model.ts';
import { aColumn, aRelation } from './relation-builder.ts';
import { aTuple, int8 } from './tuple-builder.ts';

const text = (value: string) => Buffer.from(value);
const orders = aRelation({
  columns: [
    aColumn({ name: 'id' }),
    aColumn({ name: 'status', typeOid: 25 }),
    aColumn({ name: 'body', typeOid: 25 }),
  ],
});
const row = (id: number, status: string, body: string) => aTuple(int8(id), text(status), text(body));
const insert = (after: Buffer): Change => ({ kind: 'insert', relation: orders, after });
const update = (
  after: Buffer,
  before: Buffer | null = null,
  beforeKind: 'K' | 'O' | null = null,
): Change => ({
  kind: 'update',
  relation: orders,
  after,
  before,
  beforeKind,
});
const remove = (before: Buffer): Change => ({ kind: 'delete', relation: orders, before, beforeKind: 'K' });
const keyImage = (id: number) => aTuple(int8(id), null, null);
const truncate: Change = { kind: 'truncate', relation: orders, cascade: false };

describe('one final change per key', () => {
  test('the last image of a row is put once', () => {
    const { steps } = coalesce(orders, [
      insert(row(1, 'new', 'a')),
      update(row(1, 'paid', 'a')),
      update(row(1, 'sent', 'a')),
    ]);
    expect(steps).toEqual([
      { renames: [], deletes: [], puts: [{ unchanged: [], rows: [row(1, 'sent', 'a')] }] },
    ]);
  });

  test('a row deleted and inserted again is only put', () => {
    const { steps } = coalesce(orders, [remove(keyImage(1)), insert(row(1, 'new', 'b'))]);
    expect(steps[0]?.deletes).toEqual([]);
    expect(steps[0]?.puts).toEqual([{ unchanged: [], rows: [row(1, 'new', 'b')] }]);
  });

  test('a key that changes is a delete of the old and a put under the new', () => {
    const { steps } = coalesce(orders, [update(row(2, 'x', 'y'), keyImage(1), 'K')]);
    expect(steps).toEqual([
      {
        renames: [],
        deletes: [keyImage(1)],
        puts: [{ unchanged: [], rows: [row(2, 'x', 'y')] }],
      },
    ]);
  });

  test('what came before a truncate is not written, what comes after it is', () => {
    const coalesced = coalesce(orders, [
      insert(row(1, 'a', 'a')),
      update(aTuple(int8(3), text('b'), 'unchanged'), keyImage(2), 'K'),
      truncate,
      insert(row(9, 'z', 'z')),
    ]);
    expect(coalesced.truncate).toBe(true);
    expect(coalesced.steps).toEqual([
      { renames: [], deletes: [], puts: [{ unchanged: [], rows: [row(9, 'z', 'z')] }] },
    ]);
  });
});

describe('values that were not sent', () => {
  test('are taken from an earlier image of the batch', () => {
    const { steps } = coalesce(orders, [
      insert(row(1, 'new', 'large')),
      update(aTuple(int8(1), text('paid'), 'unchanged')),
    ]);
    expect(steps[0]?.puts).toEqual([{ unchanged: [], rows: [row(1, 'paid', 'large')] }]);
  });

  test('are taken from the whole old row of REPLICA IDENTITY FULL', () => {
    const { steps } = coalesce(orders, [
      update(aTuple(int8(1), text('paid'), 'unchanged'), row(1, 'new', 'large'), 'O'),
    ]);
    expect(steps[0]?.puts).toEqual([{ unchanged: [], rows: [row(1, 'paid', 'large')] }]);
  });

  test('are never taken from the nulls of an old key', () => {
    const { steps } = coalesce(orders, [
      update(aTuple('unchanged', text('paid'), 'unchanged'), keyImage(1), 'K'),
    ]);
    expect(steps[0]).toMatchObject({
      renames: [],
      deletes: [],
      puts: [{ unchanged: [2], rows: [aTuple(int8(1), text('paid'), 'unchanged')] }],
    });
  });

  test('stay with the sink otherwise: rows are put in groups of the same columns', () => {
    const partial = (id: number) => aTuple(int8(id), text('paid'), 'unchanged');
    const { steps } = coalesce(orders, [update(partial(1)), update(row(2, 'a', 'b')), update(partial(3))]);
    expect(steps[0]?.puts).toEqual([
      { unchanged: [2], rows: [partial(1), partial(3)] },
      { unchanged: [], rows: [row(2, 'a', 'b')] },
    ]);
  });

  test('let a changed key rename the row at the sink', () => {
    const moved = aTuple(int8(2), text('x'), 'unchanged');
    const { steps } = coalesce(orders, [update(moved, keyImage(1), 'K')]);
    expect(steps).toEqual([
      {
        renames: [{ from: keyImage(1), to: moved }],
        deletes: [],
        puts: [{ unchanged: [2], rows: [moved] }],
      },
    ]);
  });

  test('keep a rename behind what happened to its keys before', () => {
    const moved = aTuple(int8(2), text('x'), 'unchanged');
    const { steps } = coalesce(orders, [remove(keyImage(2)), update(moved, keyImage(1), 'K')]);
    expect(steps.map((step) => [step.renames.length, step.deletes.length])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});

test('a table without a key takes inserts in order and refuses what must find a row', () => {
  const history = aRelation({ key: [], columns: orders.columns });
  const { steps } = coalesce(history, [
    insert(row(2, 'b', 'b')),
    insert(row(1, 'a', 'a')),
    insert(row(2, 'b', 'b')),
  ]);
  expect(steps[0]?.puts[0]?.rows).toEqual([row(2, 'b', 'b'), row(1, 'a', 'a'), row(2, 'b', 'b')]);
  expect(() => coalesce(history, [remove(keyImage(1))])).toThrowError(
    expect.objectContaining({ code: 'TABLE_WITHOUT_IDENTITY' }),
  );
});

test('parts of a composite key do not run into one another', () => {
  const pairs = aRelation({
    key: [0, 1],
    columns: [aColumn({ name: 'a', typeOid: 25 }), aColumn({ name: 'b', typeOid: 25 })],
  });
  const { steps } = coalesce(pairs, [
    { kind: 'insert', relation: pairs, after: aTuple(text('1:'), text('x')) },
    { kind: 'insert', relation: pairs, after: aTuple(text('1'), text(':x')) },
  ]);
  expect(steps[0]?.puts[0]?.rows).toHaveLength(2);
});

describe('any history of a table', () => {
  test.each<SourceModel>([
    sourceModel({ identity: 'default', composite: false }),
    sourceModel({ identity: 'default', composite: true }),
    sourceModel({ identity: 'full', composite: false }),
    sourceModel({ identity: 'default', composite: false, looseKeys: true }),
  ])('ends at the sink as row by row: $name', (model) => {
    fc.assert(
      fc.property(model.history, model.history, (earlier, batch) => {
        const source = model.start();
        const before = commitChanges(model, source, earlier);
        const sink = emptySink(model.relation);
        runCoalesced(sink, coalesce(model.relation, before));
        expect(sink.rows()).toEqual(source.rows());
        const changes = commitChanges(model, source, batch);
        runCoalesced(sink, coalesce(model.relation, changes));
        expect(sink.rows()).toEqual(source.rows());
      }),
      { numRuns: 1_000 },
    );
  });
});
