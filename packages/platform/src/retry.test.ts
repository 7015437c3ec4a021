import { expect, test, vi } from 'vitest';
import { retry } from './retry.ts';

const sleeps: number[] = [];
const clock = { sleep: async (ms: number) => void sleeps.push(ms) };
const options = { attempts: 4, baseMs: 100, maxMs: 250, isTransient: () => true, clock, random: () => 1 };

test('what fails for a while succeeds, with pauses that double up to their bound', async () => {
  sleeps.length = 0;
  const fn = vi.fn(async (attempt: number) => {
    if (attempt < 4) throw new Error(`failure ${attempt}`);
    return 'done';
  });
  await expect(retry(fn, options)).resolves.toBe('done');
  expect(sleeps).toEqual([100, 200, 250]);
});

test('attempts are bounded, and the last error is thrown as it was', async () => {
  const fn = vi.fn(async (attempt: number) => {
    throw new Error(`failure ${attempt}`);
  });
  await expect(retry(fn, options)).rejects.toThrow('failure 4');
  expect(fn).toHaveBeenCalledTimes(4);
});

test('an error that no attempt can cure is thrown at once', async () => {
  const fn = vi.fn(async () => {
    throw new Error('no');
  });
  await expect(retry(fn, { ...options, isTransient: () => false })).rejects.toThrow('no');
  expect(fn).toHaveBeenCalledTimes(1);
});

test('an aborted caller is not retried for, and a pause ends with its signal', async () => {
  const controller = new AbortController();
  const running = retry(
    async () => {
      throw new Error('away');
    },
    { attempts: 100, baseMs: 60_000, maxMs: 60_000, isTransient: () => true, signal: controller.signal },
  );
  controller.abort(new Error('leaving'));
  await expect(running).rejects.toThrow(/leaving|away/);
});
