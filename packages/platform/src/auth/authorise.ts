import { Problem } from '@spine/kernel/problem';
import type { Role } from '@spine/kernel/role';
import type { Principal } from './principal.ts';

/** Whether the principal holds one of the roles; admin holds every role. */
export function hasRole(principal: Principal, ...roles: readonly Role[]): boolean {
  return principal.roles.includes('admin') || roles.some((role) => principal.roles.includes(role));
}

/** Throws Problem FORBIDDEN, naming the roles, unless the principal holds one of them. */
export function requireRole(principal: Principal, ...roles: readonly Role[]): void {
  if (hasRole(principal, ...roles)) return;
  throw new Problem(
    'FORBIDDEN',
    `${principal.id} does not hold ${roles.length > 1 ? 'any of the roles' : 'the role'} ${roles.join(', ')}`,
    {
      fix: `Ask with a token that holds the role ${roles.join(' or ')}.`,
      extensions: { roles },
    },
  );
}
