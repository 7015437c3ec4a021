import { expect, test } from 'vitest';
import { compileGlob } from './dataset-glob.ts';

const matches = (pattern: string, name: string) => compileGlob(pattern)?.matches(name);

test.each([
  ['shop.public.*', 'shop.public.customers', true],
  ['shop.public.*', 'shop.private.customers', false],
  ['shop.public.customers', 'shop.public.customers', true],
  ['shop.public.customers', 'shop.public.customers_old', false],
  ['shop.public.cust*', 'shop.public.customers', true],
  ['shop.*.customers', 'shop.audit.customers', true],
  ['*.*.*', 'any.thing.here', true],
  ['shop.public.a+b', 'shop.public.aab', false],
  ['shop.public.*', 'shop.public.odd.name', true],
])('%s on %s: %s', (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});

test('a star never reaches across the dot between source and schema', () => {
  expect(matches('sh*.customers.x', 'shop.public.customers.x')).toBe(false);
});

test('a pattern needs three parts', () => {
  expect(compileGlob('shop.public')).toBeUndefined();
  expect(compileGlob('shop..x')).toBeUndefined();
});

test('narrower patterns are more specific', () => {
  const order = ['*.*.*', 'shop.*.*', 'shop.public.*', 'shop.public.cust*', 'shop.public.customers'];
  const specificities = order.map((pattern) => compileGlob(pattern)?.specificity ?? 0);
  expect(specificities).toEqual(specificities.toSorted((a, b) => a - b));
  expect(new Set(specificities).size).toBe(order.length);
});
