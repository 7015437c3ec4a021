import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fragmentOf, readFragment } from './shared-operation.ts';

test('a link carries any operation and its variables to the letter', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => value.trim() !== '');
  fc.assert(
    fc.property(text, text, (query, variables) => {
      expect(readFragment(fragmentOf({ query, variables }))).toEqual({ query, variables });
    }),
  );
});

test('a link without variables carries none', () => {
  expect(fragmentOf({ query: '{ a }', variables: '  ' })).toBe('#query=%7B+a+%7D');
  expect(readFragment('#query=%7B+a+%7D')).toEqual({ query: '{ a }', variables: '' });
});

test.each(['', '#', '#elsewhere', '#variables=%7B%7D', '#query=', '#query=%20%0A', '#%E0%A4%A'])(
  'a fragment that carries no operation opens none: "%s"',
  (fragment) => {
    expect(readFragment(fragment)).toBeNull();
  },
);
