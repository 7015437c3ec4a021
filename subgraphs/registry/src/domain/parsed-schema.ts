import { sha256Hex } from '@spine/kernel/canonical-json';
import type { AvroSchema } from './avro/avro-schema.ts';
import { canonicalForm } from './avro/canonical-form.ts';
import { findAvroIncompatibilities } from './avro/find-incompatibilities.ts';
import { listAvroFields } from './avro/list-fields.ts';
import { parseAvro } from './avro/parse-avro.ts';
import { compactJson } from './avro/schema-json.ts';
import type { Incompatibility } from './incompatibility.ts';
import type { SchemaField } from './schema-field.ts';
import type { SupportedSchemaType } from './schema-type.ts';

/** A schema that was read: what every format must offer to be versioned. A further format is a further member. */
export type ParsedSchema = ParsedAvro;

interface ParsedAvro extends SchemaIdentity {
  readonly type: 'AVRO';
  readonly avro: AvroSchema;
}

interface SchemaIdentity {
  /** SHA-256 of the content: equal texts up to spaces between tokens. One content has one schema id. */
  readonly digest: string;
  /** SHA-256 of the canonical form: equal if no reader can tell the two apart. */
  readonly fingerprint: string;
  readonly fields: readonly SchemaField[];
}

/** Reads a schema text. Throws SCHEMA_INVALID. */
export function parseSchema(type: SupportedSchemaType, text: string): ParsedSchema {
  switch (type) {
    case 'AVRO': {
      const avro = parseAvro(text);
      return {
        type,
        avro,
        digest: contentDigest(type, text),
        fingerprint: sha256Hex(canonicalForm(avro, 'resolution')),
        fields: listAvroFields(avro),
      };
    }
  }
}

/** The digest by which a content is known, without reading it. */
export function contentDigest(type: SupportedSchemaType, text: string): string {
  return sha256Hex(`${type}\n${compactJson(text)}`);
}

/** Every reason why `reader` could not read what was written with `writer`. */
export function findIncompatibilities(
  reader: ParsedSchema,
  writer: ParsedSchema,
): readonly Incompatibility[] {
  return reader.fingerprint === writer.fingerprint ? [] : findAvroIncompatibilities(reader.avro, writer.avro);
}
