import { devPrincipal, makePrincipal } from '@spine/platform/auth/principal';
import { expect, test } from 'vitest';
import { createStreamAdmission } from './stream-admission.ts';

const user = (id: string) => makePrincipal({ id, kind: 'user', roles: ['viewer'] });
const limits = { most: 5, perPrincipal: 2, perAddress: 3 };

test('a principal has so many, and one who leaves makes room, once', () => {
  const { admit } = createStreamAdmission(limits);
  const leave = admit(user('ada'), '192.0.2.1');
  admit(user('ada'), '192.0.2.2');
  expect(admit(user('ada'), '192.0.2.3')).toBe('principal');
  if (typeof leave !== 'function') throw new Error(leave);
  leave();
  leave();
  expect(admit(user('ada'), '192.0.2.3')).toBeTypeOf('function');
  expect(admit(user('ada'), '192.0.2.3')).toBe('principal');
});

test('an address has so many, whoever asks', () => {
  const { admit } = createStreamAdmission(limits);
  for (const id of ['a', 'b', 'c']) expect(admit(user(id), '192.0.2.1')).toBeTypeOf('function');
  expect(admit(user('d'), '192.0.2.1')).toBe('address');
  expect(admit(user('d'), '192.0.2.9')).toBeTypeOf('function');
});

test.each(['127.0.0.1', '::1', undefined])('%s is not counted as an address', (address) => {
  const { admit } = createStreamAdmission(limits);
  for (const id of ['a', 'b', 'c', 'd']) expect(admit(user(id), address)).toBeTypeOf('function');
});

test('in dev mode only the process has a limit', () => {
  const { admit } = createStreamAdmission(limits);
  for (let n = 0; n < 5; n += 1) expect(admit(devPrincipal(), '127.0.0.1')).toBeTypeOf('function');
  expect(admit(devPrincipal(), '127.0.0.1')).toBe('process');
});
