import { parseValue } from 'graphql';
import { expect, test } from 'vitest';
import { DateTime, JSONValue } from './scalars.ts';

test('a moment is UTC with milliseconds outside, a Date inside', () => {
  expect(DateTime.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  expect(DateTime.parseValue('2026-03-01T12:00:00+01:00')).toEqual(new Date('2026-03-01T11:00:00Z'));
  expect(DateTime.parseLiteral(parseValue('"2026-03-01T12:00:00.5Z"'))).toEqual(
    new Date('2026-03-01T12:00:00.500Z'),
  );
});

test.each(['yesterday', '2026-03-01', '2026-13-01T00:00:00Z', 1_700_000_000, null])(
  '%s is no moment',
  (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('ISO 8601');
  },
);

test('any JSON comes through as it is, as a value and as a literal with variables', () => {
  const value = { a: [1, 2.5, 'x', null, true], b: {} };
  expect(JSONValue.serialize(value)).toEqual(value);
  expect(
    JSONValue.parseLiteral(parseValue('{ a: [1, 2.5, "x", null, true, $v], b: {}, c: E }'), { v: { w: 1 } }),
  ).toEqual({
    a: [1, 2.5, 'x', null, true, { w: 1 }],
    b: {},
    c: 'E',
  });
});
