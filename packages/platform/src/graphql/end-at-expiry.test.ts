import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endAtExpiry } from './end-at-expiry.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(start.getTime() + ms);
const now = (): Date => new Date();

/** Yields what is pushed; waits without end otherwise, until it is returned. */
function createSource() {
  const items: string[] = [];
  let wake: ((result: IteratorResult<string, undefined>) => void) | undefined;
  const source = {
    returned: 0,
    push: (item: string) => void items.push(item),
    next: async (): Promise<IteratorResult<string, undefined>> => {
      const value = items.shift();
      if (value !== undefined) return { done: false, value };
      return await new Promise((resolve) => {
        wake = resolve;
      });
    },
    return: async (): Promise<IteratorResult<string, undefined>> => {
      source.returned += 1;
      wake?.({ done: true, value: undefined });
      return { done: true, value: undefined };
    },
  };
  return source;
}

test('a stream passes what comes and fails when the proof has ended and clocks may be 5 s apart, also while it waits', async () => {
  vi.setSystemTime(start);
  const source = createSource();
  const stream = endAtExpiry(source, later(60_000), now);
  source.push('a');
  expect(await stream.next()).toEqual({ done: false, value: 'a' });
  const waiting = stream.next().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(64_999);
  expect(source.returned).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(await waiting).toMatchObject({ code: 'UNAUTHENTICATED', message: 'the token has expired' });
  expect(source.returned).toBe(1);
});

test('what comes after the end is not passed any more', async () => {
  vi.setSystemTime(start);
  const source = createSource();
  const stream = endAtExpiry(source, later(0), now);
  await vi.advanceTimersByTimeAsync(5_000);
  source.push('late');
  await expect(stream.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a proof good for longer than a timer can wait ends the stream in its time, not at once', async () => {
  vi.setSystemTime(start);
  const days = 24 * 3_600_000;
  const source = createSource();
  endAtExpiry(source, later(40 * days), now);
  await vi.advanceTimersByTimeAsync(39 * days);
  expect(source.returned).toBe(0);
  await vi.advanceTimersByTimeAsync(days + 5_000);
  expect(source.returned).toBe(1);
});

test('who leaves takes the timer along', async () => {
  vi.setSystemTime(start);
  const source = createSource();
  const stream = endAtExpiry(source, later(60_000), now);
  await stream.return?.();
  expect(source.returned).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
