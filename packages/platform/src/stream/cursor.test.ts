import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CursorScope, encodeCursor, parseCursor } from './cursor.ts';

const scope: CursorScope = {
  stream: 'violations',
  filterKey: 'severity=high',
  secret: 'a secret of thirty-two characters',
};
const position = fc.record({
  epoch: fc.stringMatching(/^[0-9a-f]{0,16}$/),
  seq: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
});

test('a cursor leads back to its position', () => {
  fc.assert(
    fc.property(position, (target) => {
      expect(parseCursor(encodeCursor(target, scope), scope)).toEqual(target);
    }),
  );
  expect(parseCursor(encodeCursor('unfinished-snapshot', scope), scope)).toBe('unfinished-snapshot');
});

test('a cursor with any character changed, added or removed is refused', () => {
  const cursor = encodeCursor({ epoch: 'e1', seq: 42n }, scope);
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.constantFrom(...'ABCxyz019-_=+/ \n'), (index, character) => {
      const changed = cursor.slice(0, index) + character + cursor.slice(index + 1);
      if (changed !== cursor) expect(() => parseCursor(changed, scope)).toThrow('not a cursor');
      expect(() => parseCursor(cursor.slice(0, index) + character + cursor.slice(index), scope)).toThrow(
        'not a cursor',
      );
      expect(() => parseCursor(cursor.slice(0, index), scope)).toThrow('not a cursor');
    }),
  );
});

test('no text whatever makes the parser fail in another way', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => parseCursor(text, scope)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
    }),
  );
});

test.each([
  ['another stream', { stream: 'decisions' }, 'CURSOR_INVALID'],
  ['another secret', { secret: 'quite another secret of ours here' }, 'CURSOR_INVALID'],
  ['another filter', { filterKey: '' }, 'CURSOR_FILTER_MISMATCH'],
])('a cursor of %s is refused', (_what, change, code) => {
  const cursor = encodeCursor({ epoch: 'e1', seq: 42n }, { ...scope, ...change });
  expect(() => parseCursor(cursor, scope)).toThrow(expect.objectContaining({ code }));
});

test('a cursor outlives the replacement of its secret as long as the old one is accepted', () => {
  const target = { epoch: 'e1', seq: 42n };
  const [old, fresh] = [scope.secret, 'the next secret of thirty-two characters'];
  const cursor = encodeCursor(target, scope);
  expect(parseCursor(cursor, { ...scope, secret: `${fresh},${old}` })).toEqual(target);
  expect(encodeCursor(target, { ...scope, secret: `${old},${fresh}` })).toBe(cursor);
  expect(() => parseCursor(cursor, { ...scope, secret: fresh })).toThrow(
    expect.objectContaining({ code: 'CURSOR_INVALID' }),
  );
});
