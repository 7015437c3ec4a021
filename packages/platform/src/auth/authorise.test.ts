import { expect, test } from 'vitest';
import { requireRole } from './authorise.ts';
import { devPrincipal, makePrincipal, servicePrincipal } from './principal.ts';

const viewer = makePrincipal({ id: 'vera', kind: 'user', roles: ['viewer'] });

test('a principal without the role is refused, and told which it needs', () => {
  expect(() => requireRole(viewer, 'operator', 'steward')).toThrow(
    expect.objectContaining({ code: 'FORBIDDEN', fix: expect.stringContaining('operator or steward') }),
  );
});

test('one of several roles is enough, and admin holds every role', () => {
  expect(() => requireRole(viewer, 'operator', 'viewer')).not.toThrow();
  expect(() => requireRole(devPrincipal(), 'security')).not.toThrow();
});

test('a service holds the role service and nothing else', () => {
  expect(() => requireRole(servicePrincipal('cdc'), 'service')).not.toThrow();
  expect(() => requireRole(servicePrincipal('cdc'), 'publisher')).toThrow();
});
