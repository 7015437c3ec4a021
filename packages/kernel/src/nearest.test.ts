import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

test.each([
  ['ownr', ['owner', 'name', 'region'], 'owner'],
  ['eu-centrall-1', ['eu-central-1', 'eu-central-2', 'us-east-1'], 'eu-central-1'],
  ['tabels', ['tables', 'type'], 'tables'],
  ['zzz', ['owner', 'name'], undefined],
  ['x', [], undefined],
])('%s among %j means %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('a known word is its own nearest, whatever else is known', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z]{1,12}$/),
      fc.array(fc.stringMatching(/^[a-z]{1,12}$/)),
      (word, others) => {
        expect(nearest(word, [...others, word])).toBe(word);
      },
    ),
  );
});

test.each([
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['regoin', 'region', 1],
  ['ab', 'ba', 1],
])('from %j to %j are %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
  expect(editDistance(b, a)).toBe(edits);
});

test('a limit changes the work and not the answer below it', () => {
  const word = fc.stringMatching(/^[abc]{0,8}$/);
  fc.assert(
    fc.property(word, word, fc.integer({ min: 1, max: 9 }), (a, b, limit) => {
      expect(editDistance(a, b, limit)).toBe(Math.min(limit, editDistance(a, b)));
    }),
  );
});
