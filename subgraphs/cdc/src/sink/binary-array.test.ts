import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendCell, appendNull, appendValue, finishArray, startArray } from './binary-array.ts';

test('an array names its element type, its length and whether it has nulls', () => {
  const draft = startArray(2);
  appendValue(draft, Buffer.from([0, 0, 0, 7]));
  appendNull(draft);
  expect(finishArray(draft, 23).toString('hex')).toBe(
    ['00000001', '00000001', '00000017', '00000002', '00000001', '00000004', '00000007', 'ffffffff'].join(''),
  );
});

test('an empty array has no dimension', () => {
  expect(finishArray(startArray(0), 23).toString('hex')).toBe('000000000000000000000017');
});

test('every value comes out as it went in, whatever its length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.uint8Array({ maxLength: 80 }), { nil: null })),
      fc.boolean(),
      (values, cells) => {
        const draft = startArray(0);
        for (const value of values) {
          if (value === null) appendNull(draft);
          else if (cells) {
            const cell = Buffer.alloc(value.length + 4);
            cell.writeInt32BE(value.length);
            cell.set(value, 4);
            appendCell(draft, cell, 4, cell.length);
          } else appendValue(draft, Buffer.from(value));
        }
        const bytes = finishArray(draft, 17);
        const read: (Buffer | null)[] = [];
        for (let at = 20; at < bytes.length; ) {
          const length = bytes.readInt32BE(at);
          at += 4;
          read.push(length < 0 ? null : bytes.subarray(at, at + length));
          at += Math.max(length, 0);
        }
        expect(read).toEqual(values.map((value) => (value === null ? null : Buffer.from(value))));
      },
    ),
  );
});
