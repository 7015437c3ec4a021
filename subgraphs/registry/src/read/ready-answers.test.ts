import { expect, test } from 'vitest';
import { createByteCache } from './byte-cache.ts';
import { contentOf, createReadyAnswers, subjectOf } from './ready-answers.ts';

const orders = subjectOf('orders');

test('an answer is made once for all who ask, also for those who ask while it is made', async () => {
  const ready = createReadyAnswers();
  let made = 0;
  const make = async () => ({ made: ++made });
  const both = await Promise.all([
    ready.get(contentOf(7), 'confluent', make),
    ready.get(contentOf(7), 'confluent', make),
  ]);
  expect(both.map(String)).toEqual(['{"made":1}', '{"made":1}']);
  expect(ready.find(contentOf(7), 'confluent')?.toString()).toBe('{"made":1}');
  expect(ready.find(contentOf(7), 'text')).toBeUndefined();
});

test('a subject that changed is told anew, in every shape, and no other subject is', async () => {
  const ready = createReadyAnswers();
  for (const key of ['latest', 'v1']) await ready.get(orders, key, async () => 'old');
  await ready.get(subjectOf('returns'), 'latest', async () => 'same');
  ready.forget(orders);
  expect(ready.find(orders, 'latest')).toBeUndefined();
  expect(ready.find(orders, 'v1')).toBeUndefined();
  expect(ready.find(subjectOf('returns'), 'latest')?.toString()).toBe('same');
});

test('what was read before a change and arrives after it is not kept', async () => {
  const ready = createReadyAnswers();
  let arrive = (_text: string): void => undefined;
  const read = new Promise<string>((resolve) => {
    arrive = resolve;
  });
  const early = ready.get(orders, 'latest', () => read);
  ready.forget(orders);
  const late = ready.get(orders, 'latest', async () => 'new');
  arrive('old');
  expect([String(await early), String(await late)]).toEqual(['old', 'new']);
  expect(ready.find(orders, 'latest')?.toString()).toBe('new');
});

test('a failure is kept by nobody', async () => {
  const ready = createReadyAnswers();
  await expect(ready.get(orders, 'latest', () => Promise.reject(new Error('no database')))).rejects.toThrow();
  expect(String(await ready.get(orders, 'latest', async () => 'there'))).toBe('there');
});

test('what nobody asked about for longest makes room, and the bytes never pass the limit', () => {
  const limit = 10_000;
  const cache = createByteCache(limit);
  for (let id = 0; id < 20; id++) {
    cache.set(`id ${id}`, 'text', Buffer.alloc(1_000));
    cache.get('id 0', 'text');
    expect(cache.bytes).toBeLessThanOrEqual(limit);
  }
  expect(cache.get('id 0', 'text')).toBeDefined();
  expect(cache.get('id 19', 'text')).toBeDefined();
  expect(cache.get('id 1', 'text')).toBeUndefined();
});

test('an answer larger than all may be is not kept, and one that is kept again counts once', () => {
  const cache = createByteCache(10_000);
  cache.set('id 1', 'text', Buffer.alloc(20_000));
  expect(cache.bytes).toBe(0);
  for (const size of [100, 2_000, 100]) cache.set('id 2', 'text', Buffer.alloc(size));
  const once = createByteCache(10_000);
  once.set('id 2', 'text', Buffer.alloc(100));
  expect(cache.bytes).toBe(once.bytes);
  cache.delete('id 2');
  expect(cache.bytes).toBe(0);
});
