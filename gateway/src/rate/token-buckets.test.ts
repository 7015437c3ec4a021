import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBuckets } from './token-buckets.ts';

function bucketsAt(perMinute: number, keys?: number) {
  const clock = { now: 0 };
  const buckets = createTokenBuckets({
    perMinute,
    now: () => clock.now,
    ...(keys !== undefined && { keys }),
  });
  return { clock, take: buckets.take };
}

test('a bucket is full at first, says when it has enough again, and keeps its word', () => {
  const { clock, take } = bucketsAt(60);
  expect(take('a', 50)).toBe(0);
  expect(take('a', 20)).toBe(10);
  clock.now = 9_000;
  expect(take('a', 20)).toBe(1);
  clock.now = 10_000;
  expect(take('a', 20)).toBe(0);
});

test('each key has its own', () => {
  const { take } = bucketsAt(10);
  expect(take('a', 10)).toBe(0);
  expect(take('a', 1)).toBeGreaterThan(0);
  expect(take('b', 10)).toBe(0);
});

test('what is larger than a bucket can be had, at the price of waiting longer after it', () => {
  const { clock, take } = bucketsAt(60);
  expect(take('a', 120)).toBe(0);
  clock.now = 60_000;
  expect(take('a', 1)).toBe(1);
  clock.now = 61_000;
  expect(take('a', 1)).toBe(0);
});

test('a bucket does not overflow while nobody asks', () => {
  const { clock, take } = bucketsAt(10);
  clock.now = 3_600_000;
  expect(take('a', 10)).toBe(0);
  expect(take('a', 1)).toBeGreaterThan(0);
});

test('no more keys are kept than it has room for', () => {
  const { take } = bucketsAt(10, 2);
  take('a', 10);
  take('b', 10);
  take('c', 10);
  expect(take('c', 1)).toBeGreaterThan(0);
  expect(take('a', 1)).toBe(0);
});

test('whatever is asked when, no minute gives more than two buckets', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 30 })));
  fc.assert(
    fc.property(steps, (asked) => {
      const { clock, take } = bucketsAt(60);
      const taken: { readonly at: number; readonly amount: number }[] = [];
      for (const [wait, amount] of asked) {
        clock.now += wait;
        if (take('a', amount) === 0) taken.push({ at: clock.now, amount });
      }
      for (const { at } of taken) {
        const within = taken.filter((one) => one.at >= at && one.at < at + 60_000);
        expect(within.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(120);
      }
    }),
  );
});
