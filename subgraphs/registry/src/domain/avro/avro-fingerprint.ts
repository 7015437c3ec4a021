import { createHash } from 'node:crypto';
import type { AvroSchema } from './avro-schema.ts';
import { canonicalForm } from './canonical-form.ts';

/** The algorithms that the specification names (Avro 1.12, "Schema Fingerprints"). */
export type FingerprintAlgorithm = 'CRC-64-AVRO' | 'MD5' | 'SHA-256';

/**
 * The fingerprint of a schema's Parsing Canonical Form in hex digits, by which other Avro implementations know it. It is
 * blind to defaults, aliases and logical types: what identifies schemas here is not this one.
 */
export function avroFingerprint(schema: AvroSchema, algorithm: FingerprintAlgorithm): string {
  const bytes = Buffer.from(canonicalForm(schema, 'parsing'), 'utf8');
  switch (algorithm) {
    case 'CRC-64-AVRO':
      return crc64(bytes).toString(16).padStart(16, '0');
    case 'MD5':
      return createHash('md5').update(bytes).digest('hex');
    case 'SHA-256':
      return createHash('sha256').update(bytes).digest('hex');
  }
}

/** The fingerprint of nothing, and the polynomial. */
const empty = 0xc15d213aa4d7a795n;
const table = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) value = (value >> 1n) ^ (value & 1n ? empty : 0n);
  return value;
});

function crc64(bytes: Uint8Array): bigint {
  let value = empty;
  for (const byte of bytes) value = (value >> 8n) ^ (table[Number((value ^ BigInt(byte)) & 0xffn)] ?? 0n);
  return value;
}
