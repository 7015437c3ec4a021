import type { AvroSchema } from './avro/avro-schema.ts';
import { findAvroIncompatibilities } from './avro/find-incompatibilities.ts';
import type { CheckRules } from './check-rules.ts';
import type { Incompatibility } from './incompatibility.ts';
import { findJsonIncompatibilities } from './json-schema/find-incompatibilities.ts';
import type { JsonSchemaTree } from './json-schema/json-schema-tree.ts';
import { findProtobufIncompatibilities } from './protobuf/find-incompatibilities.ts';
import type { ProtobufSchema } from './protobuf/protobuf-schema.ts';
import type { SchemaField } from './schema-field.ts';
import type { SchemaType } from './schema-type.ts';

/** A schema that was read: what every format offers to be versioned. */
export type ParsedSchema = ParsedAvro | ParsedProtobuf | ParsedJsonSchema;

interface ParsedAvro extends SchemaIdentity {
  readonly type: 'AVRO';
  readonly avro: AvroSchema;
}

interface ParsedProtobuf extends SchemaIdentity {
  readonly type: 'PROTOBUF';
  readonly protobuf: ProtobufSchema;
}

interface ParsedJsonSchema extends SchemaIdentity {
  readonly type: 'JSON';
  readonly json: JsonSchemaTree;
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
  rules: CheckRules,
): readonly Incompatibility[] {
  if (reader.fingerprint === writer.fingerprint && reader.type === writer.type) return [];
  if (reader.type === 'AVRO' && writer.type === 'AVRO') {
    return findAvroIncompatibilities(reader.avro, writer.avro, rules);
  }
  if (reader.type === 'PROTOBUF' && writer.type === 'PROTOBUF') {
    return findProtobufIncompatibilities(reader.protobuf, writer.protobuf, rules);
  }
  if (reader.type === 'JSON' && writer.type === 'JSON') {
    return findJsonIncompatibilities(reader.json, writer.json, rules);
  }
  const message = `the reader is a schema of type ${reader.type}, the writer of type ${writer.type}`;
  return [{ kind: 'SCHEMA_TYPE_CHANGED', path: '', message }];
}
