import type { Role } from '@spine/kernel/role';

declare const principalBrand: unique symbol;

/** Who asks. Only `platform/auth` makes one: holding it means that somebody proved it. */
export interface Principal {
  readonly [principalBrand]: true;
  readonly id: string;
  readonly roles: readonly Role[];
  /** Whose sign-off theirs is: `data-platform`, `security`, `compliance`, ... */
  readonly functions: readonly string[];
  /** `dev`: nobody proved anything, authentication is not configured and the caller sits on this machine. */
  readonly kind: PrincipalKind;
  /** When the proof of who they are ends, and with it all that was begun on its strength; null: it does not. */
  readonly expiresAt: Date | null;
}

export type PrincipalKind = 'user' | 'service' | 'dev';

/** Makes a principal. For `platform/auth` (and tests) only: everyone else is handed one. */
export function makePrincipal(of: {
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly roles: readonly Role[];
  readonly functions?: readonly string[];
  readonly expiresAt?: Date | null;
}): Principal {
  const { id, kind, roles, functions = [], expiresAt = null } = of;
  return brand(Object.freeze({ id, kind, roles: [...roles], functions: [...functions], expiresAt }));
}

/** Whom an unauthenticated caller on this machine acts as while no authentication is configured. */
export function devPrincipal(): Principal {
  return makePrincipal({ id: 'dev', kind: 'dev', roles: ['admin'] });
}

/** One of our own processes. */
export function servicePrincipal(service: string): Principal {
  return makePrincipal({ id: service, kind: 'service', roles: ['service'] });
}

// The one cast that makes the brand.
function brand(plain: Omit<Principal, typeof principalBrand>): Principal {
  return plain as Principal;
}
