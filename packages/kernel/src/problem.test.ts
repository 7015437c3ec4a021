import { expect, test } from 'vitest';
import { Problem } from './problem.ts';
import { roles } from './role.ts';

test('a problem is an error with the status of its code, and keeps its cause', () => {
  const cause = new Error('connection reset');
  const problem = new Problem('SOURCE_UNREACHABLE', 'shop does not answer', { fix: 'Start it.', cause });
  expect(problem).toBeInstanceOf(Error);
  expect(problem).toMatchObject({ name: 'Problem', status: 503, fix: 'Start it.', extensions: {}, cause });
});

test('a problem without a cause has none, not an undefined one', () => {
  expect('cause' in new Problem('NOT_FOUND', 'nothing')).toBe(false);
});

test('no role is listed twice', () => {
  expect(new Set(roles).size).toBe(roles.length);
});
