import { createHash } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { isRecord } from '../links/is-record.ts';

/** Documents by the id that clients send in their place. */
export type Manifest = ReadonlyMap<string, string>;

const mostDocuments = 50_000;

/**
 * Reads a manifest: `{"<id>": "<document>"}` as Relay and our client write it, or Apollo's `apollo-persisted-query-manifest`.
 * An id of 64 hex digits is the sha256 of its document, and is checked to be. Throws CONFIG_INVALID.
 */
export function parseManifest(json: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw broken('it is not JSON', cause);
  }
  if (!isRecord(value)) throw broken('it is not an object');
  const entries = 'operations' in value ? apolloEntries(value['operations']) : Object.entries(value);
  if (entries.length > mostDocuments) throw broken(`it has more than ${mostDocuments} documents`);
  const manifest = new Map<string, string>();
  for (const [key, document] of entries) {
    if (typeof document !== 'string') throw broken(`the document of ${key} is not a text`);
    const id = documentId(key);
    if (/^[0-9a-f]{64}$/.test(id) && id !== hashOf(document)) {
      throw broken(`the document of ${key} does not have this hash`);
    }
    manifest.set(id, document);
  }
  return manifest;
}

/** The id without the prefix that graphql-over-http puts before a hash (Appendix A). */
export function documentId(id: string): string {
  return id.startsWith('sha256:') ? id.slice('sha256:'.length) : id;
}

/** The sha256 of a document, in hex. */
export function hashOf(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}

function apolloEntries(operations: unknown): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(operations)) throw broken('its operations are not a list');
  return operations.map((operation: unknown, index) => {
    if (!isRecord(operation) || typeof operation['id'] !== 'string')
      throw broken(`operation ${index} has no id`);
    return [operation['id'], operation['body']] as const;
  });
}

function broken(why: string, cause?: unknown): Problem {
  return new Problem('CONFIG_INVALID', `the manifest of trusted documents cannot be used: ${why}`, {
    fix: 'Write {"<sha256>": "<document>"}, or Apollo\'s persisted query manifest.',
    ...(cause !== undefined && { cause }),
  });
}
