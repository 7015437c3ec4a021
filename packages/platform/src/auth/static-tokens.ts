import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import { roles } from '@spine/kernel/role';
import { z } from 'zod';

const shape = z.array(
  z.strictObject({
    id: z.string().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the token, in lower-case hex'),
    roles: z.array(z.enum(roles).exclude(['service'])).min(1),
    functions: z.array(z.string()).default([]),
  }),
);

/** A token as it is stored: hashed, with what its bearer may do. */
export type StaticToken = z.infer<typeof shape>[number];

/** Reads SPINE_TOKENS_FILE. Throws CONFIG_INVALID naming each fault, never a token. */
export function readTokens(file: string): readonly StaticToken[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem('CONFIG_INVALID', `SPINE_TOKENS_FILE ${file} cannot be read as JSON`, {
      fix: 'It is a JSON list of { id, sha256, roles, functions }; `npm run env` writes one.',
      cause: error,
    });
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Problem('CONFIG_INVALID', `SPINE_TOKENS_FILE ${file}: ${faults.join('; ')}`, {
    fix: 'It is a JSON list of { id, sha256, roles, functions }.',
  });
}

/** The token with that secret (and id, for Basic), compared in constant time; undefined when there is none. */
export function findToken(
  tokens: readonly StaticToken[],
  secret: string,
  id?: string,
): StaticToken | undefined {
  const given = createHash('sha256').update(secret).digest();
  let found: StaticToken | undefined;
  for (const token of tokens) {
    const same = timingSafeEqual(given, Buffer.from(token.sha256, 'hex'));
    if (same && (id === undefined || id === token.id)) found = token;
  }
  return found;
}
