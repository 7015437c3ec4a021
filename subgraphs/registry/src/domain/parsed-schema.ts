import type { AvroSchema } from './avro/avro-schema.ts';
import { findAvroIncompatibilities } from './avro/find-incompatibilities.ts';
import type { CheckRules } from './check-rules.ts';
import type { Incompatibility } from './incompatibility.ts';
import type { SchemaField } from './schema-field.ts';
import type { SchemaType } from './schema-type.ts';

/** A schema that was read: what every format offers to be versioned. */
export type ParsedSchema = ParsedAvro;

interface ParsedAvro extends SchemaIdentity {
  readonly type: 'AVRO';
  readonly avro: AvroSchema;
}

/** What is known of a schema of any format. */
export interface SchemaIdentity {
  readonly type: SchemaType;
  /** SHA-256 of the content: equal texts up to spaces between tokens. One content has one schema id. */
  readonly digest: string;
  /** The text without all that no reader minds. */
  readonly canonical: string;
  /** SHA-256 of the canonical form: equal if no reader can tell the two apart. */
  readonly fingerprint: string;
  readonly fields: readonly SchemaField[];
}

/** Every reason why `reader` could not read what was written with `writer`. */
export function findIncompatibilities(
  reader: ParsedSchema,
  writer: ParsedSchema,
  _rules: CheckRules,
): readonly Incompatibility[] {
  return reader.fingerprint === writer.fingerprint ? [] : findAvroIncompatibilities(reader.avro, writer.avro);
}
