import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import { type Role, roles } from '@spine/kernel/role';
import { z } from 'zod';

/** A token that may be presented; only its hash is known. */
export interface StaticToken {
  readonly id: string;
  /** SHA-256 of the secret, 64 hex digits. */
  readonly sha256: string;
  readonly roles: readonly Role[];
  readonly functions: readonly string[];
  /** From when on it is refused; absent or null: never. */
  readonly expiresAt?: Date | null;
}

// The role `service` is proved by signature only.
const grantable = roles.filter((role) => role !== 'service');
const tokensShape = z
  .array(
    z.strictObject({
      id: z.string().regex(/^[^:\s]+$/, 'has a space or colon'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not 64 lower-case hex digits'),
      roles: z.array(z.enum(grantable)).min(1),
      functions: z.array(z.string()).default([]),
      expiresAt: z.iso
        .datetime({ offset: true, error: 'is not a time like 2027-01-31T00:00:00Z' })
        .transform((text) => new Date(text))
        .nullable()
        .default(null),
    }),
  )
  .min(1)
  .refine(
    (tokens) => new Set(tokens.map((token) => token.id)).size === tokens.length,
    'two tokens share an id',
  );

/** Reads SPINE_TOKENS_FILE. Throws CONFIG_INVALID naming every fault. */
export function readTokensFile(file: string): readonly StaticToken[] {
  const fix =
    'Write it as JSON: [{ "id", "sha256", "roles", "functions", "expiresAt" }], sha256 being that of the secret.';
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem('CONFIG_INVALID', `SPINE_TOKENS_FILE: ${file} cannot be read as JSON`, {
      fix,
      cause: error,
    });
  }
  const parsed = tokensShape.safeParse(content);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
  throw new Problem('CONFIG_INVALID', `SPINE_TOKENS_FILE: ${file}: ${faults.join('; ')}`, {
    fix,
    extensions: { faults },
  });
}

/**
 * The token whose secret was presented, of that id if one is given. Compares with every token and in constant time:
 * how long it takes tells nothing of how near a guess was.
 */
export function findToken(
  tokens: readonly StaticToken[],
  presented: { readonly secret: string; readonly id?: string },
): StaticToken | undefined {
  const digest = createHash('sha256').update(presented.secret).digest();
  let found: StaticToken | undefined;
  for (const token of tokens) {
    const same = timingSafeEqual(digest, Buffer.from(token.sha256, 'hex'));
    if (same && (presented.id === undefined || presented.id === token.id)) found = token;
  }
  return found;
}
