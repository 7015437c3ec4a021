import { describe, expect, test } from 'vitest';
import type { Change } from './change.ts';
import { deadLetterLimits } from './dead-letter.ts';
import { groupByKey } from './dead-letter-groups.ts';
import { decodePayload, encodePayload } from './dead-letter-payload.ts';
import { changeKeys, splitParked } from './dead-letter-split.ts';
import { aColumn, aRelation } from './relation-builder.ts';
import { aTuple, int8 } from './tuple-builder.ts';

const relation = aRelation({
  columns: [aColumn(), aColumn({ name: 'note', typeOid: 25, typeText: 'text', typeCategory: 'S' })],
});
const keyless = { ...relation, key: [] };
const image = (id: number, note = 'x') => aTuple(int8(id), Buffer.from(note));
const put = (id: number, note = 'x'): Change => ({ kind: 'insert', relation, after: image(id, note) });
const gone = (id: number): Change => ({
  kind: 'delete',
  relation,
  before: aTuple(int8(id), null),
  beforeKind: 'K',
});
const rename = (from: number, to: number): Extract<Change, { kind: 'update' }> => ({
  kind: 'update',
  relation,
  before: aTuple(int8(from), null),
  beforeKind: 'K',
  after: aTuple(int8(to), 'unchanged'),
});
const truncate: Change = { kind: 'truncate', relation, cascade: false };
const keysOf = (...changes: Change[]) => new Set(changes.flatMap((change) => changeKeys(relation, change)));

describe('what waits', () => {
  test('is the refused change and whatever touches its key after it, in order', () => {
    const [before, refused, later, last] = [put(1), put(1, 'bad'), put(1, 'y'), gone(1)];
    const split = splitParked(
      relation,
      [before, put(2), refused, later, put(3), last],
      new Set(),
      new Map([[refused, '23514']]),
    );
    expect(split.flowing).toEqual([before, put(2), put(3)]);
    expect(split.parked.map(({ change, sqlState }) => [change, sqlState])).toEqual([
      [refused, '23514'],
      [later, null],
      [last, null],
    ]);
  });

  test('is a row that takes a new key, under both of its keys', () => {
    const moved = rename(1, 2);
    const { flowing, parked } = splitParked(
      relation,
      [put(2), moved, put(2, 'y'), put(3)],
      keysOf(put(1)),
      new Map(),
    );
    expect(flowing).toEqual([put(2), put(3)]);
    expect(parked.map(({ change }) => change)).toEqual([moved, put(2, 'y')]);
    expect(parked[0]?.keys).toHaveLength(2);
  });

  test('is nothing of what a truncate throws away', () => {
    const changes = [put(1), truncate, put(1, 'y')];
    const { flowing, parked, truncate: last } = splitParked(relation, changes, keysOf(put(1)), new Map());
    expect(flowing).toEqual(changes);
    expect(parked).toEqual([]);
    expect(last).toBe(truncate);
  });

  test('is one row in a table without a key', () => {
    const [one, two] = [put(1), put(1)];
    const { flowing, parked } = splitParked(keyless, [one, two], new Set(), new Map([[two, '22003']]));
    expect([flowing, parked]).toEqual([[one], [{ change: two, sqlState: '22003', keys: [] }]]);
  });
});

test('changes hang together by key, and by changes of key, whatever their order', () => {
  const [a, b, c, d] = [put(1), put(2), put(3), rename(1, 2)];
  expect(groupByKey(relation, [a, b, c, d, truncate])).toEqual([[a, b, d], [c]]);
  expect(groupByKey(keyless, [a, b])).toEqual([[a], [b]]);
});

test.each([put(1), gone(1), rename(1, 2), { ...rename(1, 1), before: null, beforeKind: null }] as const)(
  'a payload gives its change back: %#',
  (change) => {
    if (change.kind === 'truncate') throw new Error('not a row');
    const payload = encodePayload(change);
    expect(decodePayload(relation, payload)).toEqual(change);
    for (let length = 0; length < payload.length; length += 1) {
      expect(() => decodePayload(relation, payload.subarray(0, length))).toThrow();
    }
    expect(() => decodePayload(relation, Buffer.concat([payload, Buffer.from('x')]))).toThrow();
  },
);

test('a route may name some of its limits', () => {
  expect(deadLetterLimits()).toEqual({ keysPerBatch: 100, alertAt: 100, stopAt: 10_000 });
  expect(deadLetterLimits({ stopAt: 5 })).toEqual({ keysPerBatch: 100, alertAt: 100, stopAt: 5 });
});
