import { Problem } from '@spine/kernel/problem';
import type { Role } from '@spine/kernel/role';
import { makePrincipal, type Principal } from '@spine/platform/auth/principal';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClientSession } from './client-session.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const minute = 60_000;
const ada = (roles: readonly Role[] = ['viewer'], expiresAt: Date | null = null): Principal =>
  makePrincipal({ id: 'ada', kind: 'user', roles, expiresAt });

function open(principal: Principal, authenticate: () => Promise<Principal>) {
  const onEnd = vi.fn();
  const onChange = vi.fn();
  const session = createClientSession({
    principal,
    authenticate,
    onEnd,
    reauthoriseMs: 5 * minute,
    lifetimeMs: 1_440 * minute,
  });
  session.onChange(onChange);
  return { session, onEnd, onChange };
}

test('it asks again every five minutes at most, and tells when the rights are others', async () => {
  const authenticate = vi.fn(async () => ada());
  const { session, onEnd, onChange } = open(ada(), authenticate);
  await vi.advanceTimersByTimeAsync(5 * minute);
  expect(authenticate).toHaveBeenCalledTimes(1);
  expect(onChange).not.toHaveBeenCalled();
  authenticate.mockResolvedValue(ada(['operator']));
  await vi.advanceTimersByTimeAsync(5 * minute);
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(session.principal().roles).toEqual(['operator']);
  expect(onEnd).not.toHaveBeenCalled();
  session.close();
});

test('a token that is not accepted any more ends it; one that cannot be checked now does not', async () => {
  const authenticate = vi.fn<() => Promise<Principal>>(() =>
    Promise.reject(new Problem('SERVICE_UNAVAILABLE', 'the provider does not answer')),
  );
  const { session, onEnd } = open(ada(), authenticate);
  await vi.advanceTimersByTimeAsync(5 * minute);
  expect(authenticate).toHaveBeenCalled();
  expect(onEnd).not.toHaveBeenCalled();
  authenticate.mockRejectedValue(new Problem('UNAUTHENTICATED', 'the token is not known'));
  await vi.advanceTimersByTimeAsync(5 * minute);
  expect(onEnd).toHaveBeenLastCalledWith('revoked');
  session.close();
});

test('it ends when the proof does, allowing for clocks that are apart, however far that is', async () => {
  const days = 40;
  const expiresAt = new Date(Date.now() + days * 1_440 * minute);
  const { session, onEnd } = open(ada(['viewer'], expiresAt), async () => ada(['viewer'], expiresAt));
  await vi.advanceTimersByTimeAsync(days * 1_440 * minute);
  expect(onEnd).not.toHaveBeenCalledWith('expired');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(onEnd).toHaveBeenLastCalledWith('expired');
  session.close();
});

test('it lasts a day at most', async () => {
  const { session, onEnd } = open(ada(), async () => ada());
  await vi.advanceTimersByTimeAsync(0.79 * 1_440 * minute);
  expect(onEnd).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(0.21 * 1_440 * minute);
  expect(onEnd).toHaveBeenCalledExactlyOnceWith('old');
  session.close();
});

test('a closed session leaves no timer behind, and tells nothing more', async () => {
  let answer = (_: Principal): void => undefined;
  const { session, onEnd, onChange } = open(
    ada(['viewer'], new Date(Date.now() + 10 * minute)),
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  await vi.advanceTimersByTimeAsync(5 * minute);
  session.close();
  expect(session.left.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  answer(ada(['operator']));
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(onEnd).not.toHaveBeenCalled();
  expect(onChange).not.toHaveBeenCalled();
});
