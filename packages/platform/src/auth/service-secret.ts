import { z } from 'zod';
import { deriveKey } from './derive-key.ts';

/**
 * SPINE_SERVICE_SECRET: one secret, or two separated by a comma while one replaces the other. The first signs, both are
 * accepted.
 */
export const serviceSecretShape = z.string().superRefine((text, context) => {
  const secrets = secretsOf(text);
  if (secrets.length > 2) context.addIssue({ code: 'custom', message: 'holds more than two secrets' });
  if (secrets.some((secret) => secret.length < 32)) {
    context.addIssue({ code: 'custom', message: 'at least 32 characters, the same for every service' });
  }
});

/** The secrets of SPINE_SERVICE_SECRET, the one that signs first. */
export function secretsOf(text: string): readonly [string, ...string[]] {
  const [first = '', ...others] = text.split(',').map((secret) => secret.trim());
  return [first, ...others];
}

/** The keys of one purpose, made of each of the secrets: separated by a comma and in the order of the secrets. */
export function deriveKeys(secrets: string, purpose: string): string {
  return secretsOf(secrets)
    .map((secret) => deriveKey(secret, purpose))
    .join(',');
}
