import { expect, test } from 'vitest';
import { parseTablePattern } from './table-pattern.ts';

test.each([
  ['public.*', 'public', 'orders', true],
  ['public.*', 'private', 'orders', false],
  ['public.orders', 'public', 'orders', true],
  ['public.orders', 'public', 'orders_old', false],
  ['public.order?', 'public', 'orders', true],
  ['*.orders', 'a', 'orders', true],
  ['public.2024.q1', 'public', '2024.q1', true],
  ['public.a+b', 'public', 'aab', false],
  ['public.*_log', 'public', 'audit_log', true],
])('%s on %s.%s: %s', (pattern, schema, table, matches) => {
  expect(parseTablePattern(pattern).matches(schema, table)).toBe(matches);
});

test('a name without globs is exact', () => {
  expect(parseTablePattern('public.orders').exact).toBe(true);
  expect(parseTablePattern('public.order*').exact).toBe(false);
});

test.each(['orders', '.orders', 'public.', ''])('%j names no table', (text) => {
  expect(() => parseTablePattern(text)).toThrow('does not name a table');
});
