import { sha256Hex } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import { canonicalForm } from '../domain/avro/canonical-form.ts';
import { listAvroFields } from '../domain/avro/list-fields.ts';
import { parseAvro } from '../domain/avro/parse-avro.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import { contentDigest, type SchemaSource } from '../domain/schema-source.ts';

/** Reads a schema, once for all that is ever asked of it. Throws SCHEMA_INVALID. */
export function parseSchema(source: SchemaSource): ParsedSchema {
  const { type, text } = source;
  switch (type) {
    case 'AVRO': {
      const avro = parseAvro(text);
      const canonical = canonicalForm(avro, 'resolution');
      return { type, avro, ...identity(source, canonical), fields: listAvroFields(avro) };
    }
    default:
      throw new Problem('NOT_SUPPORTED', `schemas of type ${type} are not supported in this version`, {
        fix: 'use AVRO',
        path: '/schemaType',
      });
  }
}

function identity(source: SchemaSource, canonical: string) {
  return { digest: contentDigest(source), canonical, fingerprint: sha256Hex(canonical) };
}
