import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import type { Kysely } from 'kysely';
import { contentDigest } from '../domain/schema-source.ts';
import { findPublishKey, type PublishKey } from '../store/publish-keys.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import type { PublishRequest } from './publish-request.ts';

/**
 * The version that answered this request when it came before under the same idempotency key, or undefined. Throws CONFLICT
 * for a key that came with another request.
 */
export async function findEarlierAnswer(
  db: Kysely<RegistryTables>,
  request: PublishRequest,
): Promise<PublishKey | undefined> {
  const { idempotencyKey: key, publishedBy } = request;
  if (key === undefined) return undefined;
  const earlier = await findPublishKey(db, publishedBy, key);
  if (earlier !== undefined && earlier.requestDigest !== digestOf(request)) {
    throw new Problem('CONFLICT', 'this idempotency key was used for another request', {
      fix: 'give every request a key of its own, and repeat a key only with the same request',
      path: '/idempotencyKey',
    });
  }
  return earlier;
}

/** The key to remember, where the request has one. */
export function publishKeyOf(request: PublishRequest, version: number): PublishKey | undefined {
  const { idempotencyKey: key, publishedBy: principal, subject } = request;
  return key === undefined
    ? undefined
    : { principal, key, requestDigest: digestOf(request), subject, version };
}

function digestOf(request: PublishRequest): string {
  const { subject, type, text, references, requested, level, profile, tags, dataClass, retention, metadata } =
    request;
  return sha256Hex(
    canonicalJson({
      subject,
      content: contentDigest({ type, text, references }),
      requested,
      level,
      profile,
      tags,
      dataClass,
      retention,
      metadata,
    }),
  );
}
