import { Problem } from '@spine/kernel/problem';
import type { Authenticator, Caller } from '@spine/platform/auth/authenticate';
import { devPrincipal } from '@spine/platform/auth/principal';
import { expect, test } from 'vitest';
import { limitFailures } from './limit-failures.ts';

const refuse = (): never => {
  throw new Problem('UNAUTHENTICATED', 'no');
};
const inner: Authenticator = {
  mode: 'tokens',
  authenticate: async ({ headers }) =>
    headers['authorization'] === 'Bearer good' ? devPrincipal() : refuse(),
  authenticateConnection: refuse,
  authenticateSubscribe: refuse,
};
const caller = (authorization: string | undefined, remoteAddress = '192.0.2.1'): Caller => ({
  headers: { authorization },
  remoteAddress,
});

function limited() {
  const clock = { now: 0 };
  const { authenticate } = limitFailures(inner, { perMinute: 3, now: () => clock.now });
  const outcome = async (of: Caller): Promise<string> =>
    await authenticate(of).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Problem ? error.code : 'unexpected'),
    );
  return { clock, outcome };
}

test('after three refused proofs an address waits, and is heard again when time has passed', async () => {
  const { clock, outcome } = limited();
  for (const guess of ['a', 'b', 'c'])
    expect(await outcome(caller(`Bearer ${guess}`))).toBe('UNAUTHENTICATED');
  expect(await outcome(caller('Bearer d'))).toBe('RATE_LIMITED');
  expect(await outcome(caller(undefined))).toBe('RATE_LIMITED');
  expect(await outcome(caller('Bearer good'))).toBe('RATE_LIMITED');
  expect(await outcome(caller('Bearer a', '192.0.2.2'))).toBe('UNAUTHENTICATED');
  clock.now = 20_000;
  expect(await outcome(caller('Bearer good'))).toBe('accepted');
});

test('who was accepted before is not locked out by the guesses of a neighbour', async () => {
  const { outcome } = limited();
  expect(await outcome(caller('Bearer good'))).toBe('accepted');
  for (const guess of ['a', 'b', 'c', 'd']) await outcome(caller(`Bearer ${guess}`));
  expect(await outcome(caller('Bearer good'))).toBe('accepted');
  expect(await outcome(caller('Bearer e'))).toBe('RATE_LIMITED');
});
