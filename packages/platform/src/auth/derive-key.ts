import { hkdfSync } from 'node:crypto';

/** A key for one purpose from a service secret (HKDF-SHA-256, RFC 5869), as 64 hex digits. */
export function deriveKey(secret: string, purpose: string): string {
  return Buffer.from(hkdfSync('sha256', secret, 'spine', purpose, 32)).toString('hex');
}
