import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '@spine/testkit/eventually';
import { expect, test, vi } from 'vitest';
import { createPullIterator, type Pull } from './pull-iterator.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const never: Pull<number> = (signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve([]), { once: true });
  });

test('items come in order, one pull at a time, and no further than the reader asked', async () => {
  let pulls = 0;
  const iterator = createPullIterator<number>(async () => {
    pulls += 1;
    return [pulls * 10, pulls * 10 + 1];
  }, {});
  const three = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
  expect(three.map(({ value }) => value)).toEqual([10, 11, 20]);
  expect(pulls).toBe(2);
});

test('return() ends a next() that waits, tells the source, and is final', async () => {
  const onEnd = vi.fn();
  let seen: AbortSignal | undefined;
  const iterator = createPullIterator<number>(
    (signal) => {
      seen = signal;
      return never(signal);
    },
    { onEnd },
  );
  const waiting = iterator.next();
  await Promise.resolve();
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(seen?.aborted).toBe(true);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  await iterator.return?.();
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test('even a source that ignores its signal does not hold the reader', async () => {
  const iterator = createPullIterator<number>(() => new Promise(() => undefined), {});
  const waiting = iterator.next();
  await iterator.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('a failing source gives its error once, then the end', async () => {
  const iterator = createPullIterator<number>(() => Promise.reject(new Error('the table is gone')), {});
  const [first, second] = await Promise.allSettled([iterator.next(), iterator.next()]);
  expect(first).toMatchObject({ status: 'rejected', reason: { message: 'the table is gone' } });
  expect(second).toMatchObject({ status: 'fulfilled', value: { done: true } });
  expect(await iterator.next()).toMatchObject({ done: true });
});

test('an aborted signal ends it, before and during', async () => {
  const stop = new AbortController();
  const iterator = createPullIterator<number>(never, { signal: stop.signal });
  const waiting = iterator.next();
  stop.abort();
  expect(await waiting).toMatchObject({ done: true });
  const late = createPullIterator<number>(never, { signal: stop.signal });
  expect(await late.next()).toMatchObject({ done: true });
});

test('leaving a for-await loop ends the source', async () => {
  const onEnd = vi.fn();
  for await (const value of createPullIterator<number>(async () => [1], { onEnd })) {
    expect(value).toBe(1);
    break;
  }
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test('an answer that was given is not held until the end', async () => {
  let given = new WeakRef<object>({});
  const iterator = createPullIterator<object>(async () => [{ payload: 'x'.repeat(1_000) }], {});
  for (let n = 0; n < 100; n += 1) {
    const { value } = await iterator.next();
    if (n === 10 && value !== undefined) given = new WeakRef(value);
  }
  await eventually(() => {
    collectGarbage();
    expect(given.deref()).toBeUndefined();
  });
  await iterator.return?.();
});
