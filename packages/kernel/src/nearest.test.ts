import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['ownr', ['owner', 'name', 'region'], 'owner'],
  ['eu-centrall-1', ['eu-central-1', 'eu-central-2', 'us-east-1'], 'eu-central-1'],
  ['tabels', ['tables', 'type'], 'tables'],
  ['zzz', ['owner', 'name'], undefined],
  ['x', [], undefined],
])('%s among %j means %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
