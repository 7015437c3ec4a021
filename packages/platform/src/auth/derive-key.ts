import { createHmac } from 'node:crypto';

/** A key for one purpose, made from a secret, as 64 hex digits: whoever learns it learns neither the secret nor the key of another purpose. */
export function deriveKey(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(`spine-key-v1\n${purpose}`).digest('hex');
}
