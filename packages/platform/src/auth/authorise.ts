import { Problem } from '@spine/kernel/problem';
import type { Role } from '@spine/kernel/role';
import type { Principal } from './principal.ts';

/** Lets a principal with one of the roles pass; admin holds every role but `service`. Throws FORBIDDEN naming what is needed. */
export function requireRole(principal: Principal, ...needed: readonly Role[]): void {
  if (principal.roles.some((role) => needed.includes(role))) return;
  if (principal.roles.includes('admin')) return;
  throw new Problem('FORBIDDEN', `this needs the role ${needed.join(' or ')}`, {
    fix: `Ask an admin to give ${principal.id} one of these roles.`,
  });
}
