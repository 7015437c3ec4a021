import { Problem } from '@spine/kernel/problem';
import { roles } from '@spine/kernel/role';
import { z } from 'zod';
import { createLru } from '../lru.ts';
import { makePrincipal, type Principal } from './principal.ts';

const claimsShape = z.strictObject({
  id: z.string().min(1),
  kind: z.enum(['user', 'service', 'dev']),
  roles: z.array(z.enum(roles)),
  functions: z.array(z.string()),
  /** When the principal's own proof ends, in milliseconds since 1970; null: it does not. */
  exp: z.number().int().nullable(),
});

/** What a service says of the principal for whom it asks; only worth something inside a signature. */
export type Claims = Readonly<z.output<typeof claimsShape>>;

// A principal is frozen and asks many times: its claims are made and written out once.
const claimsMade = new WeakMap<Principal, Claims>();
const textOfClaims = new WeakMap<Claims, string>();

/** What to forward of a principal. */
export function claimsOf(principal: Principal): Claims {
  const made = claimsMade.get(principal);
  if (made !== undefined) return made;
  const { id, kind, roles: held, functions, expiresAt } = principal;
  const exp = expiresAt?.getTime() ?? null;
  const claims = Object.freeze({ id, kind, roles: [...held], functions: [...functions], exp });
  claimsMade.set(principal, claims);
  return claims;
}

/** Claims as they travel in a header: base64url of JSON. */
export function encodeClaims(claims: Claims): string {
  const known = textOfClaims.get(claims);
  if (known !== undefined) return known;
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
  textOfClaims.set(claims, text);
  return text;
}

/** Reads claims whose signature was verified; equal claims give the same principal. Throws UNAUTHENTICATED for what is none. */
export type ReadClaims = (encoded: string) => Principal;

/** Makes a reader that remembers the principals who asked last. */
export function createReadClaims(limit = 10_000): ReadClaims {
  const read = createLru<string, Principal>(limit);
  return (encoded) => {
    const known = read.get(encoded);
    if (known !== undefined) return known;
    const principal = principalOfClaims(encoded);
    read.set(encoded, principal);
    return principal;
  };
}

function principalOfClaims(encoded: string): Principal {
  try {
    const parsed = claimsShape.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
    const { exp, ...rest } = parsed;
    return makePrincipal({ ...rest, expiresAt: exp === null ? null : new Date(exp) });
  } catch (error) {
    throw new Problem('UNAUTHENTICATED', 'the forwarded claims cannot be read', { cause: error });
  }
}
