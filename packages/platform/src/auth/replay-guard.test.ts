import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReplayGuard } from './replay-guard.ts';

const windowMs = 30_000;
const used = expect.objectContaining({ code: 'UNAUTHENTICATED' });

test('nothing that is still in the window is accepted twice, in whatever order and however late it comes', () => {
  const arrivals = fc.array(
    fc.record({
      nonce: fc.nat({ max: 20 }),
      wait: fc.nat({ max: 20_000 }),
      age: fc.integer({ min: -30_000, max: 30_000 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(arrivals, (list) => {
      const guard = createReplayGuard({ windowMs });
      const signedAt = new Map<number, number>();
      let now = 1_000_000;
      for (const { nonce, wait, age } of list) {
        now += wait;
        const first = signedAt.get(nonce);
        const time = first ?? now - age;
        if (Math.abs(now - time) > windowMs) continue;
        if (first === undefined) {
          guard.admit(String(nonce), time, now);
          signedAt.set(nonce, time);
        } else {
          expect(() => guard.admit(String(nonce), time, now)).toThrow(used);
        }
      }
    }),
  );
});

test('a full guard refuses rather than forgets, and has room again when the window has passed', () => {
  const guard = createReplayGuard({ windowMs, capacity: 3 });
  for (const nonce of ['a', 'b', 'c']) guard.admit(nonce, 0, 0);
  expect(() => guard.admit('d', 0, 0)).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  expect(() => guard.admit('a', 0, 0)).toThrow(used);
  expect(() => guard.admit('e', 50_000, 50_000)).toThrow(
    expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
  );
  guard.admit('f', 60_001, 60_001);
  expect(guard.size).toBe(1);
});

test('what is remembered is bounded by rate and window, however long it runs', () => {
  const guard = createReplayGuard({ windowMs });
  let most = 0;
  for (let now = 0; now < 600_000; now += 100) {
    guard.admit(String(now), now, now);
    most = Math.max(most, guard.size);
  }
  // 10 a second for at most three buckets.
  expect(most).toBeLessThanOrEqual(900);
});
