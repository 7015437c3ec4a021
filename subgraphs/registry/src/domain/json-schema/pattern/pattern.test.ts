import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget } from '../budget.ts';
import { createPatterns } from './pattern.ts';

const patternOf = createPatterns(createBudget(1_000_000));

const understood = [
  '^a+b?$',
  'a|bc|^$',
  '^(?:ab){2,3}$',
  '^[a-c\\d_-]+$',
  '[^a]',
  '^\\w+\\s\\S$',
  '\\bab\\b',
  '^(?=.*b)(?!c).{2,}$',
  '^a{0}b{2,}$',
  '\\u0061\\x62',
  '^.$',
  '(?<name>a)b*?',
  '',
  'a.c',
  '\\Bb',
];

test.each(understood)('%s matches what the engine of the runtime matches', (pattern) => {
  const native = new RegExp(pattern, 'u');
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '_', '1', '\n', 'ä') }),
    fc.string(),
  );
  fc.assert(fc.property(texts, (text) => patternOf(pattern)?.matches(text) === native.test(text)));
});

test.each(understood)('a sample of %s matches it', (pattern) => {
  for (const sample of patternOf(pattern)?.samples() ?? []) expect(sample).toMatch(new RegExp(pattern, 'u'));
});

test.each([
  '(a)\\1',
  '(?i)a',
  '\\p{L}',
  '(?<=a)b',
  'a++',
  '[a-z&&[^b]]',
  '(',
  `${'('.repeat(99)}${')'.repeat(99)}`,
  'a{9999}',
])('%s is not understood, and nothing is said of it', (pattern) => {
  expect(patternOf(pattern)).toBeUndefined();
});

test('a pattern that makes others go back without end is answered at once', () => {
  const begun = performance.now();
  expect(patternOf('^(a+)+$')?.matches(`${'a'.repeat(5_000)}b`)).toBe(false);
  expect(patternOf('^(a|aa)*(b|c)(?=.*d)')?.matches('a'.repeat(5_000))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
