import { Problem } from '@spine/kernel/problem';
import { type Role, roles } from '@spine/kernel/role';
import type { JWTPayload } from 'jose';
import type { OidcConfig } from './oidc-config.ts';
import { makePrincipal, type Principal } from './principal.ts';

/** The principal whom verified claims name, with the roles of ours that they hold; roles that are not ours give nothing. */
export function principalOfJwt(claims: JWTPayload, config: OidcConfig): Principal {
  const id = claimAt(claims, config.idClaim);
  if (typeof id !== 'string' || id === '' || id.length > 256) {
    throw new Problem('UNAUTHENTICATED', `the token names nobody in its claim ${config.idClaim}`, {
      fix: 'Let SPINE_OIDC_ID_CLAIM name a claim that every token has.',
    });
  }
  const expiresAt = new Date((claims.exp ?? 0) * 1_000);
  // Beyond what a Date can hold is no time at all, and would be read as never.
  if (Number.isNaN(expiresAt.getTime())) throw new Problem('UNAUTHENTICATED', 'the token ends at no time');
  return makePrincipal({
    id,
    kind: 'user',
    roles: rolesOf(wordsOf(claimAt(claims, config.rolesClaim)), config),
    functions: wordsOf(claimAt(claims, config.functionsClaim)),
    expiresAt,
  });
}

function rolesOf(names: readonly string[], { roleMap }: OidcConfig): readonly Role[] {
  const held = new Set(
    names.flatMap((name) =>
      roleMap === null ? roles.filter((role) => role === name) : (roleMap.get(name) ?? []),
    ),
  );
  // Only a signature of ours proves one of our own processes.
  held.delete('service');
  return [...held];
}

/** The claim of that very name (providers take URLs for names), else the one at the end of the dotted path. */
function claimAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** A list of words, or words separated by spaces, as in `scope`. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}
