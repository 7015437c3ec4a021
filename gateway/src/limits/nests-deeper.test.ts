import { expect, test } from 'vitest';
import { nestsDeeper } from './nests-deeper.ts';

test.each<[unknown, number, boolean]>([
  ['text', 0, false],
  [null, 0, false],
  [{}, 0, true],
  [{ a: 1 }, 1, false],
  [{ a: [] }, 1, true],
  [{ a: [1, { b: null }] }, 3, false],
  [[[[]]], 2, true],
])('%j deeper than %i: %s', (value, levels, deeper) => {
  expect(nestsDeeper(value, levels)).toBe(deeper);
});

test('a value of a hundred thousand levels is looked at without harm', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(nestsDeeper(deep, 500)).toBe(true);
});
