import { type Role, roles } from '@spine/kernel/role';

declare const principalBrand: unique symbol;

/** Who asks. Only the files of `auth/` make one, so that holding one proves that somebody checked. */
export interface Principal {
  readonly [principalBrand]: true;
  readonly id: string;
  readonly roles: readonly Role[];
  readonly functions: readonly string[];
  readonly kind: 'user' | 'service' | 'dev';
}

/** What crosses a process about a principal, signed. */
export interface PrincipalClaims {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly functions: readonly string[];
}

/** For `auth/*` alone: brands a checked identity. */
export function brandPrincipal(kind: Principal['kind'], claims: PrincipalClaims): Principal {
  // The one place where the brand is put on.
  return Object.freeze({ kind, ...claims }) as Principal;
}

/** Who acts when no auth is configured: an admin, on loopback only. */
export function devPrincipal(): Principal {
  return brandPrincipal('dev', { id: 'dev', roles: ['admin'], functions: [] });
}

/** Parses claims that came signed; undefined when they are not of the shape. */
export function parseClaims(value: unknown): PrincipalClaims | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { id, roles: given, functions } = Object.fromEntries(Object.entries(value));
  if (typeof id !== 'string' || !Array.isArray(given) || !Array.isArray(functions)) return undefined;
  const known = roles.filter((role) => given.includes(role));
  if (known.length !== given.length || !functions.every((entry) => typeof entry === 'string'))
    return undefined;
  return { id, roles: known, functions };
}
