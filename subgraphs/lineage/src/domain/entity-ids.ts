import { createHash } from 'node:crypto';

/** What the graph connects. */
export type NodeKind = 'dataset' | 'job';

/**
 * The id of a dataset or job: 128 bits of the hash of its kind and name, written as a UUID. Whoever knows the name knows
 * the id, so that nothing is looked up before it is written, and names of any length cost an index the same.
 */
export function nodeId(kind: NodeKind, namespace: string, name: string): string {
  return formatUuid(
    createHash('sha256')
      .update(JSON.stringify([kind, namespace, name]))
      .digest(),
  );
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text is a UUID, of whatever version. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The id of a run: its UUID in lower case; for producers that send another text, the UUIDv5 (RFC 9562) of that text. */
export function runIdOf(text: string): string {
  if (isUuid(text)) return text.toLowerCase();
  const hash = createHash('sha1').update(runNamespace).update(text).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return formatUuid(hash);
}

// Drawn once; a change would give known runs new ids.
const runNamespace = Buffer.from('6f1d3c0e8a5b4e719c2f5a7d90b3e146', 'hex');

function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
