import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  columnAt,
  columnCount,
  columnKind,
  hasUnchanged,
  readColumn,
  tupleEnd,
  tupleOffsets,
} from './tuple.ts';
import { aTuple, type TupleValue } from './tuple-builder.ts';

const anyValue: fc.Arbitrary<TupleValue> = fc.oneof(
  fc.constant(null),
  fc.constant<'unchanged'>('unchanged'),
  fc.string().map((text) => ({ text })),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

function valueAt(tuple: Buffer, index: number): TupleValue {
  const { kind, start, end } = readColumn(tuple, index);
  if (kind === columnKind.null) return null;
  if (kind === columnKind.unchanged) return 'unchanged';
  return kind === columnKind.text ? { text: tuple.toString('utf8', start, end) } : tuple.subarray(start, end);
}

test('every column reads back as it was written, whatever stands before it', () => {
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
      const tuple = aTuple(...values);
      expect(columnCount(tuple)).toBe(values.length);
      expect(values.map((_, index) => valueAt(tuple, index))).toEqual(values);
      const offsets = tupleOffsets(tuple);
      expect(offsets[values.length]).toBe(tuple.length);
      values.forEach((_, index) => {
        expect(columnAt(tuple, offsets[index] ?? -1)).toEqual(readColumn(tuple, index));
      });
      expect(tupleEnd(tuple, 0, tuple.length)).toBe(tuple.length);
      expect(hasUnchanged(tuple)).toBe(values.includes('unchanged'));
    }),
  );
});

test('offsets are written into the array that is given when it is long enough', () => {
  const scratch = new Uint32Array(4);
  expect(tupleOffsets(aTuple(null, { text: 'a' }, null), scratch)).toBe(scratch);
  expect(tupleOffsets(aTuple(null, null, null, null), scratch)).not.toBe(scratch);
});

test('a tuple that is cut off anywhere is refused', () => {
  const tuple = aTuple({ text: 'abc' }, null, Buffer.from([1, 2, 3]));
  for (let limit = 0; limit < tuple.length; limit += 1) {
    expect(() => tupleEnd(tuple, 0, limit)).toThrow(RangeError);
  }
});

test('a column of an unknown kind is refused', () => {
  expect(() => tupleEnd(Buffer.from([0, 1, 0x7a]), 0, 3)).toThrow('unknown kind');
});

test('a column beyond the last is refused', () => {
  expect(() => readColumn(aTuple(null), 1)).toThrow(RangeError);
});
