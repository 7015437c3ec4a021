import { sha256Hex } from '@spine/kernel/canonical-json';
import { canonicalForm } from '../domain/avro/canonical-form.ts';
import { listAvroFields } from '../domain/avro/list-fields.ts';
import { parseAvro } from '../domain/avro/parse-avro.ts';
import { jsonCanonicalForm } from '../domain/json-schema/canonical-form.ts';
import { listJsonFields } from '../domain/json-schema/list-fields.ts';
import type { ParsedSchema } from '../domain/parsed-schema.ts';
import { protobufCanonicalForm } from '../domain/protobuf/canonical-form.ts';
import { listProtobufFields } from '../domain/protobuf/list-fields.ts';
import { contentDigest, type SchemaSource } from '../domain/schema-source.ts';
import { parseJsonSchema } from './json-schema/parse-json-schema.ts';
import { parseProtobuf } from './protobuf/parse-protobuf.ts';

/** Reads a schema, once for all that is ever asked of it; `digest` is that of its content. Throws SCHEMA_INVALID. */
export function parseSchema(source: SchemaSource, digest = contentDigest(source)): ParsedSchema {
  const { type, text, dependencies } = source;
  switch (type) {
    case 'AVRO': {
      const avro = parseAvro(text, dependencies);
      const canonical = canonicalForm(avro, 'resolution');
      return { type, avro, ...identity(digest, canonical), fields: listAvroFields(avro) };
    }
    case 'PROTOBUF': {
      const protobuf = parseProtobuf(text, dependencies);
      const canonical = protobufCanonicalForm(protobuf);
      return { type, protobuf, ...identity(digest, canonical), fields: listProtobufFields(protobuf) };
    }
    case 'JSON': {
      const json = parseJsonSchema(text, dependencies);
      const canonical = jsonCanonicalForm(json);
      return { type, json, ...identity(digest, canonical), fields: listJsonFields(json) };
    }
  }
}

function identity(digest: string, canonical: string) {
  return { digest, canonical, fingerprint: sha256Hex(canonical) };
}
