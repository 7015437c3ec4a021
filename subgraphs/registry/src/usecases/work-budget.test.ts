import { expect, test } from 'vitest';
import { createWorkBudget } from './work-budget.ts';

test('work is spent by doing it', () => {
  const isSpent = createWorkBudget(20);
  expect(isSpent()).toBe(false);
  let work = 0;
  while (!isSpent()) work += Math.sqrt(work + 1);
  expect(work).toBeGreaterThan(0);
});
