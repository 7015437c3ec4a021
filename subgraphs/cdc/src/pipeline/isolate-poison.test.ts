import { expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { isolatePoison } from './isolate-poison.ts';
import { tableNamed } from './memory-route.ts';

const orders = tableNamed('orders');
const put = (id: number, note = ''): Change => ({
  kind: 'insert',
  relation: orders,
  after: aTuple(int8(id), Buffer.from(note)),
});
const bad = (id: number) => put(id, 'bad');

/** A sink that refuses batches by a rule, and counts what it was asked. */
function sink(refuses: (changes: readonly Change[]) => boolean) {
  let asked = 0;
  const probe = async (changes: readonly Change[]) => {
    asked += 1;
    return refuses(changes) ? '23514' : null;
  };
  return { alone: probe, beside: probe, maxKeys: 10, asked: () => asked };
}
const has = (changes: readonly Change[], change: Change) => changes.includes(change);

test('finds a few poison rows among thousands in few attempts', async () => {
  const poison = [bad(17), bad(4_711)];
  const changes = [...Array.from({ length: 5_000 }, (_, id) => put(id + 10_000)), ...poison];
  const tried = sink((part) => poison.some((change) => has(part, change)));
  expect(await isolatePoison(orders, changes, tried)).toEqual({
    refused: new Map(poison.map((change) => [change, '23514'])),
  });
  expect(tried.asked()).toBeLessThan(60);
});

test('names the first refused change of a key, not those before it', async () => {
  const [first, second, third, fourth] = [put(1, 'a'), put(1, 'b'), bad(1), put(1, 'c')];
  const changes = [first, put(2), second, third, fourth];
  // The last image of a key is what the sink sees.
  const tried = sink((part) => has(part, third));
  expect(await isolatePoison(orders, changes, tried)).toEqual({ refused: new Map([[third, '23514']]) });
});

test('does not blame a row that only needs the row of another', async () => {
  const [parent, child, poison] = [put(1), put(2), bad(3)];
  const needs = sink((part) => has(part, poison) || (has(part, child) && !has(part, parent)));
  expect(await isolatePoison(orders, [parent, child, poison], needs)).toEqual({
    refused: new Map([[poison, '23514']]),
  });
});

test('sets aside the later of two rows that are only wrong together', async () => {
  const [one, two] = [put(1), put(2)];
  const tried = sink((part) => has(part, one) && has(part, two));
  expect(await isolatePoison(orders, [one, put(3), two], tried)).toEqual({
    refused: new Map([[two, '23514']]),
  });
});

test('gives up on a table in which too much is refused, or nothing row by row', async () => {
  const many = Array.from({ length: 50 }, (_, id) => bad(id));
  expect(
    await isolatePoison(
      orders,
      many,
      sink(() => true),
    ),
  ).toEqual({ hopeless: 'too_many' });
  expect(
    await isolatePoison(
      orders,
      many,
      sink((part) => part.length === 0),
    ),
  ).toEqual({
    hopeless: 'not_by_row',
  });
});
