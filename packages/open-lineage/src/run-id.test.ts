import { expect, test } from 'vitest';
import { newRunId } from './run-id.ts';

test('a run id is a UUID of version 7 and variant 2', () => {
  expect(newRunId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('it starts with the time and keeps the random bits', () => {
  const random = new Uint8Array(10).fill(0xff);
  expect(newRunId(0x0193_6893_9751, random)).toBe('01936893-9751-7fff-bfff-ffffffffffff');
});

test('later ids sort after earlier ones', () => {
  const ids = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000].map((now) => newRunId(now));
  expect(ids.toSorted()).toEqual(ids);
});

test('two ids of one millisecond differ', () => {
  expect(newRunId(1)).not.toBe(newRunId(1));
});
