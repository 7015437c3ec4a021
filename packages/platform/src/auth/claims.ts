import { Problem } from '@spine/kernel/problem';
import { roles } from '@spine/kernel/role';
import { z } from 'zod';
import { makePrincipal, type Principal } from './principal.ts';

const claimsShape = z.strictObject({
  id: z.string().min(1),
  kind: z.enum(['user', 'service', 'dev']),
  roles: z.array(z.enum(roles)),
  functions: z.array(z.string()),
});

/** What a service says of the principal for whom it asks; only worth something inside a signature. */
export type Claims = z.output<typeof claimsShape>;

/** What to forward of a principal. */
export function claimsOf({ id, kind, roles: held, functions }: Principal): Claims {
  return { id, kind, roles: [...held], functions: [...functions] };
}

/** Claims as they travel in a header: base64url of JSON. */
export function encodeClaims(claims: Claims): string {
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}

/** The principal that claims speak of. Call it only with claims whose signature was verified. */
export function principalOfClaims(encoded: string): Principal {
  try {
    return makePrincipal(claimsShape.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))));
  } catch (error) {
    throw new Problem('UNAUTHENTICATED', 'the forwarded claims cannot be read', { cause: error });
  }
}
